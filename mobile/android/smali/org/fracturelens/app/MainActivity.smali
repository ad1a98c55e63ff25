# The one screen: a web view that shows the phone's app from the package's own files.

.class public Lorg/fracturelens/app/MainActivity;
.super Landroid/app/Activity;

# Who waits for chosen files; null where nobody does.
.field waiting:Landroid/webkit/ValueCallback;

# What is to be written to the document that the user names.
.field content:[B

.method public constructor <init>()V
    .locals 0
    invoke-direct {p0}, Landroid/app/Activity;-><init>()V
    return-void
.end method

.method protected onCreate(Landroid/os/Bundle;)V
    .locals 4
    invoke-super {p0, p1}, Landroid/app/Activity;->onCreate(Landroid/os/Bundle;)V
    new-instance v0, Landroid/webkit/WebView;
    invoke-direct {v0, p0}, Landroid/webkit/WebView;-><init>(Landroid/content/Context;)V

    invoke-virtual {v0}, Landroid/webkit/WebView;->getSettings()Landroid/webkit/WebSettings;
    move-result-object v1
    const/4 v2, 0x1
    invoke-virtual {v1, v2}, Landroid/webkit/WebSettings;->setJavaScriptEnabled(Z)V
    invoke-virtual {v1, v2}, Landroid/webkit/WebSettings;->setDomStorageEnabled(Z)V
    const/4 v2, 0x0
    invoke-virtual {v1, v2}, Landroid/webkit/WebSettings;->setAllowFileAccess(Z)V

    new-instance v1, Lorg/fracturelens/app/AssetClient;
    invoke-direct {v1, p0}, Lorg/fracturelens/app/AssetClient;-><init>(Lorg/fracturelens/app/MainActivity;)V
    invoke-virtual {v0, v1}, Landroid/webkit/WebView;->setWebViewClient(Landroid/webkit/WebViewClient;)V
    new-instance v1, Lorg/fracturelens/app/FileChooser;
    invoke-direct {v1, p0}, Lorg/fracturelens/app/FileChooser;-><init>(Lorg/fracturelens/app/MainActivity;)V
    invoke-virtual {v0, v1}, Landroid/webkit/WebView;->setWebChromeClient(Landroid/webkit/WebChromeClient;)V
    new-instance v1, Lorg/fracturelens/app/Bridge;
    invoke-direct {v1, p0}, Lorg/fracturelens/app/Bridge;-><init>(Lorg/fracturelens/app/MainActivity;)V
    const-string v2, "FractureLensAndroid"
    invoke-virtual {v0, v1, v2}, Landroid/webkit/WebView;->addJavascriptInterface(Ljava/lang/Object;Ljava/lang/String;)V

    invoke-virtual {p0, v0}, Lorg/fracturelens/app/MainActivity;->setContentView(Landroid/view/View;)V
    const-string v1, "https://appassets.androidplatform.net/index.html?packaged"
    invoke-virtual {v0, v1}, Landroid/webkit/WebView;->loadUrl(Ljava/lang/String;)V
    return-void
.end method

# Request 1: files were chosen. Request 2: a document was named for what is saved.
.method protected onActivityResult(IILandroid/content/Intent;)V
    .locals 3
    invoke-super {p0, p1, p2, p3}, Landroid/app/Activity;->onActivityResult(IILandroid/content/Intent;)V
    const/4 v0, 0x1
    if-ne p1, v0, :saved
    iget-object v0, p0, Lorg/fracturelens/app/MainActivity;->waiting:Landroid/webkit/ValueCallback;
    if-eqz v0, :end
    const/4 v1, 0x0
    iput-object v1, p0, Lorg/fracturelens/app/MainActivity;->waiting:Landroid/webkit/ValueCallback;
    const/4 v2, -0x1
    if-ne p2, v2, :hand
    invoke-static {p3}, Lorg/fracturelens/app/MainActivity;->films(Landroid/content/Intent;)[Landroid/net/Uri;
    move-result-object v1
    :hand
    invoke-interface {v0, v1}, Landroid/webkit/ValueCallback;->onReceiveValue(Ljava/lang/Object;)V
    return-void
    :saved
    const/4 v0, -0x1
    if-ne p2, v0, :end
    if-eqz p3, :end
    invoke-virtual {p3}, Landroid/content/Intent;->getData()Landroid/net/Uri;
    move-result-object v0
    if-eqz v0, :end
    invoke-direct {p0, v0}, Lorg/fracturelens/app/MainActivity;->write(Landroid/net/Uri;)V
    :end
    return-void
.end method

# The films that an intent carries, chosen or shared; null where it carries none.
.method static films(Landroid/content/Intent;)[Landroid/net/Uri;
    .locals 5
    const/4 v0, 0x0
    if-nez p0, :carries
    return-object v0
    :carries
    invoke-virtual {p0}, Landroid/content/Intent;->getClipData()Landroid/content/ClipData;
    move-result-object v1
    if-eqz v1, :single
    invoke-virtual {v1}, Landroid/content/ClipData;->getItemCount()I
    move-result v2
    new-array v0, v2, [Landroid/net/Uri;
    const/4 v3, 0x0
    :next
    if-ge v3, v2, :several
    invoke-virtual {v1, v3}, Landroid/content/ClipData;->getItemAt(I)Landroid/content/ClipData$Item;
    move-result-object v4
    invoke-virtual {v4}, Landroid/content/ClipData$Item;->getUri()Landroid/net/Uri;
    move-result-object v4
    aput-object v4, v0, v3
    add-int/lit8 v3, v3, 0x1
    goto :next
    :several
    return-object v0
    :single
    invoke-virtual {p0}, Landroid/content/Intent;->getData()Landroid/net/Uri;
    move-result-object v1
    if-eqz v1, :none
    const/4 v2, 0x1
    new-array v0, v2, [Landroid/net/Uri;
    const/4 v3, 0x0
    aput-object v1, v0, v3
    :none
    return-object v0
.end method

# Writes what is to be saved; what fails leaves the document empty, which the user sees.
.method private write(Landroid/net/Uri;)V
    .locals 3
    :try_start
    invoke-virtual {p0}, Lorg/fracturelens/app/MainActivity;->getContentResolver()Landroid/content/ContentResolver;
    move-result-object v0
    invoke-virtual {v0, p1}, Landroid/content/ContentResolver;->openOutputStream(Landroid/net/Uri;)Ljava/io/OutputStream;
    move-result-object v0
    iget-object v1, p0, Lorg/fracturelens/app/MainActivity;->content:[B
    invoke-virtual {v0, v1}, Ljava/io/OutputStream;->write([B)V
    invoke-virtual {v0}, Ljava/io/OutputStream;->close()V
    :try_end
    .catch Ljava/lang/Exception; {:try_start .. :try_end} :failed
    return-void
    :failed
    move-exception v0
    const-string v1, "The file could not be saved."
    const/4 v2, 0x1
    invoke-static {p0, v1, v2}, Landroid/widget/Toast;->makeText(Landroid/content/Context;Ljava/lang/CharSequence;I)Landroid/widget/Toast;
    move-result-object v0
    invoke-virtual {v0}, Landroid/widget/Toast;->show()V
    return-void
.end method
