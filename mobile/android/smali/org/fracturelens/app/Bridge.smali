# What the page may ask of Android: save a file, and hand over films that were shared.

.class public Lorg/fracturelens/app/Bridge;
.super Ljava/lang/Object;

.field private final activity:Lorg/fracturelens/app/MainActivity;

.method public constructor <init>(Lorg/fracturelens/app/MainActivity;)V
    .locals 0
    invoke-direct {p0}, Ljava/lang/Object;-><init>()V
    iput-object p1, p0, Lorg/fracturelens/app/Bridge;->activity:Lorg/fracturelens/app/MainActivity;
    return-void
.end method

# Name, type and content in base 64; the user says where the file goes.
.method public save(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;)V
    .locals 4
    .annotation runtime Landroid/webkit/JavascriptInterface;
    .end annotation
    iget-object v0, p0, Lorg/fracturelens/app/Bridge;->activity:Lorg/fracturelens/app/MainActivity;
    const/4 v1, 0x0
    invoke-static {p3, v1}, Landroid/util/Base64;->decode(Ljava/lang/String;I)[B
    move-result-object v1
    iput-object v1, v0, Lorg/fracturelens/app/MainActivity;->content:[B
    new-instance v1, Landroid/content/Intent;
    const-string v2, "android.intent.action.CREATE_DOCUMENT"
    invoke-direct {v1, v2}, Landroid/content/Intent;-><init>(Ljava/lang/String;)V
    const-string v2, "android.intent.category.OPENABLE"
    invoke-virtual {v1, v2}, Landroid/content/Intent;->addCategory(Ljava/lang/String;)Landroid/content/Intent;
    invoke-virtual {v1, p2}, Landroid/content/Intent;->setType(Ljava/lang/String;)Landroid/content/Intent;
    const-string v2, "android.intent.extra.TITLE"
    invoke-virtual {v1, v2, p1}, Landroid/content/Intent;->putExtra(Ljava/lang/String;Ljava/lang/String;)Landroid/content/Intent;
    const/4 v2, 0x2
    invoke-virtual {v0, v1, v2}, Lorg/fracturelens/app/MainActivity;->startActivityForResult(Landroid/content/Intent;I)V
    return-void
.end method

# Number of films that another app shared.
.method public sharedFilms()I
    .locals 1
    .annotation runtime Landroid/webkit/JavascriptInterface;
    .end annotation
    iget-object v0, p0, Lorg/fracturelens/app/Bridge;->activity:Lorg/fracturelens/app/MainActivity;
    invoke-virtual {v0}, Lorg/fracturelens/app/MainActivity;->getIntent()Landroid/content/Intent;
    move-result-object v0
    invoke-static {v0}, Lorg/fracturelens/app/MainActivity;->films(Landroid/content/Intent;)[Landroid/net/Uri;
    move-result-object v0
    if-nez v0, :some
    const/4 v0, 0x0
    return v0
    :some
    array-length v0, v0
    return v0
.end method
