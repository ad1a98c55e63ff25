# Lets the page's file buttons open the system's file picker: any number of files of any type.

.class public Lorg/fracturelens/app/FileChooser;
.super Landroid/webkit/WebChromeClient;

.field private final activity:Lorg/fracturelens/app/MainActivity;

.method public constructor <init>(Lorg/fracturelens/app/MainActivity;)V
    .locals 0
    invoke-direct {p0}, Landroid/webkit/WebChromeClient;-><init>()V
    iput-object p1, p0, Lorg/fracturelens/app/FileChooser;->activity:Lorg/fracturelens/app/MainActivity;
    return-void
.end method

.method public onShowFileChooser(Landroid/webkit/WebView;Landroid/webkit/ValueCallback;Landroid/webkit/WebChromeClient$FileChooserParams;)Z
    .locals 4
    iget-object v0, p0, Lorg/fracturelens/app/FileChooser;->activity:Lorg/fracturelens/app/MainActivity;
    iput-object p2, v0, Lorg/fracturelens/app/MainActivity;->waiting:Landroid/webkit/ValueCallback;
    new-instance v1, Landroid/content/Intent;
    const-string v2, "android.intent.action.GET_CONTENT"
    invoke-direct {v1, v2}, Landroid/content/Intent;-><init>(Ljava/lang/String;)V
    const-string v2, "android.intent.category.OPENABLE"
    invoke-virtual {v1, v2}, Landroid/content/Intent;->addCategory(Ljava/lang/String;)Landroid/content/Intent;
    const-string v2, "*/*"
    invoke-virtual {v1, v2}, Landroid/content/Intent;->setType(Ljava/lang/String;)Landroid/content/Intent;
    const-string v2, "android.intent.extra.ALLOW_MULTIPLE"
    const/4 v3, 0x1
    invoke-virtual {v1, v2, v3}, Landroid/content/Intent;->putExtra(Ljava/lang/String;Z)Landroid/content/Intent;
    invoke-virtual {v0, v1, v3}, Lorg/fracturelens/app/MainActivity;->startActivityForResult(Landroid/content/Intent;I)V
    return v3
.end method
