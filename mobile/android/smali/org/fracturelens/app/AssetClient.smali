# Answers every request of the page from the package's files; no request goes anywhere else.

.class public Lorg/fracturelens/app/AssetClient;
.super Landroid/webkit/WebViewClient;

.field private final activity:Lorg/fracturelens/app/MainActivity;

.method public constructor <init>(Lorg/fracturelens/app/MainActivity;)V
    .locals 0
    invoke-direct {p0}, Landroid/webkit/WebViewClient;-><init>()V
    iput-object p1, p0, Lorg/fracturelens/app/AssetClient;->activity:Lorg/fracturelens/app/MainActivity;
    return-void
.end method

.method public shouldInterceptRequest(Landroid/webkit/WebView;Landroid/webkit/WebResourceRequest;)Landroid/webkit/WebResourceResponse;
    .locals 4
    :try_start
    invoke-interface {p2}, Landroid/webkit/WebResourceRequest;->getUrl()Landroid/net/Uri;
    move-result-object v0
    const-string v1, "appassets.androidplatform.net"
    invoke-virtual {v0}, Landroid/net/Uri;->getHost()Ljava/lang/String;
    move-result-object v2
    invoke-virtual {v1, v2}, Ljava/lang/String;->equals(Ljava/lang/Object;)Z
    move-result v1
    if-eqz v1, :missing
    invoke-virtual {v0}, Landroid/net/Uri;->getPath()Ljava/lang/String;
    move-result-object v1
    const-string v2, "/shared/"
    invoke-virtual {v1, v2}, Ljava/lang/String;->startsWith(Ljava/lang/String;)Z
    move-result v2
    if-eqz v2, :asset
    invoke-virtual {v0}, Landroid/net/Uri;->getLastPathSegment()Ljava/lang/String;
    move-result-object v2
    invoke-static {v2}, Ljava/lang/Integer;->parseInt(Ljava/lang/String;)I
    move-result v2
    invoke-direct {p0, v2}, Lorg/fracturelens/app/AssetClient;->shared(I)Ljava/io/InputStream;
    move-result-object v2
    goto :answer
    :asset
    invoke-direct {p0, v1}, Lorg/fracturelens/app/AssetClient;->asset(Ljava/lang/String;)Ljava/io/InputStream;
    move-result-object v2
    :answer
    invoke-static {v1}, Lorg/fracturelens/app/AssetClient;->typeOf(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v3
    const/16 v0, 0xc8
    const-string v1, "OK"
    invoke-static {v3, v0, v1, v2}, Lorg/fracturelens/app/AssetClient;->response(Ljava/lang/String;ILjava/lang/String;Ljava/io/InputStream;)Landroid/webkit/WebResourceResponse;
    move-result-object v0
    :try_end
    .catch Ljava/lang/Exception; {:try_start .. :try_end} :failed
    return-object v0
    :failed
    move-exception v0
    :missing
    const-string v0, "text/plain"
    const/16 v1, 0x194
    const-string v2, "Not Found"
    const/4 v3, 0x0
    invoke-static {v0, v1, v2, v3}, Lorg/fracturelens/app/AssetClient;->response(Ljava/lang/String;ILjava/lang/String;Ljava/io/InputStream;)Landroid/webkit/WebResourceResponse;
    move-result-object v0
    return-object v0
.end method

# Links to other sites open nowhere.
.method public shouldOverrideUrlLoading(Landroid/webkit/WebView;Landroid/webkit/WebResourceRequest;)Z
    .locals 1
    const/4 v0, 0x1
    return v0
.end method

# A file of the package's folder assets/web.
.method private asset(Ljava/lang/String;)Ljava/io/InputStream;
    .locals 3
    const-string v0, "web"
    invoke-virtual {v0, p1}, Ljava/lang/String;->concat(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    iget-object v1, p0, Lorg/fracturelens/app/AssetClient;->activity:Lorg/fracturelens/app/MainActivity;
    invoke-virtual {v1}, Lorg/fracturelens/app/MainActivity;->getAssets()Landroid/content/res/AssetManager;
    move-result-object v1
    invoke-virtual {v1, v0}, Landroid/content/res/AssetManager;->open(Ljava/lang/String;)Ljava/io/InputStream;
    move-result-object v0
    return-object v0
.end method

# A film that another app shared, by its number.
.method private shared(I)Ljava/io/InputStream;
    .locals 2
    iget-object v0, p0, Lorg/fracturelens/app/AssetClient;->activity:Lorg/fracturelens/app/MainActivity;
    invoke-virtual {v0}, Lorg/fracturelens/app/MainActivity;->getIntent()Landroid/content/Intent;
    move-result-object v1
    invoke-static {v1}, Lorg/fracturelens/app/MainActivity;->films(Landroid/content/Intent;)[Landroid/net/Uri;
    move-result-object v1
    aget-object v1, v1, p1
    invoke-virtual {v0}, Lorg/fracturelens/app/MainActivity;->getContentResolver()Landroid/content/ContentResolver;
    move-result-object v0
    invoke-virtual {v0, v1}, Landroid/content/ContentResolver;->openInputStream(Landroid/net/Uri;)Ljava/io/InputStream;
    move-result-object v0
    return-object v0
.end method

# Type of a file by its ending: a page whose scripts come under another type does not run.
.method private static typeOf(Ljava/lang/String;)Ljava/lang/String;
    .locals 2
    const-string v1, ".html"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "text/html"
    if-nez v0, :found
    const-string v1, ".js"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "text/javascript"
    if-nez v0, :found
    const-string v1, ".css"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "text/css"
    if-nez v0, :found
    const-string v1, ".svg"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "image/svg+xml"
    if-nez v0, :found
    const-string v1, ".png"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "image/png"
    if-nez v0, :found
    const-string v1, ".json"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "application/json"
    if-nez v0, :found
    const-string v1, ".wasm"
    invoke-virtual {p0, v1}, Ljava/lang/String;->endsWith(Ljava/lang/String;)Z
    move-result v0
    const-string v1, "application/wasm"
    if-nez v0, :found
    const-string v1, "application/octet-stream"
    :found
    return-object v1
.end method

.method private static response(Ljava/lang/String;ILjava/lang/String;Ljava/io/InputStream;)Landroid/webkit/WebResourceResponse;
    .locals 7
    new-instance v0, Landroid/webkit/WebResourceResponse;
    const-string v2, "utf-8"
    invoke-static {}, Ljava/util/Collections;->emptyMap()Ljava/util/Map;
    move-result-object v5
    move-object v1, p0
    move v3, p1
    move-object v4, p2
    move-object v6, p3
    invoke-direct/range {v0 .. v6}, Landroid/webkit/WebResourceResponse;-><init>(Ljava/lang/String;Ljava/lang/String;ILjava/lang/String;Ljava/util/Map;Ljava/io/InputStream;)V
    return-object v0
.end method
