"""Stop words by language: they bound keyphrases and start sentences.

Data only, case-folded. The lists are short: a stop word is never part of the name of a thing.
Verbs of reporting are included, because they are frequent in news.
"""

# ruff: noqa: RUF001 (words of other scripts look like Latin ones; they are not)

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH: Final = _set("""
a an the this that these those i me my mine we us our ours you your yours he him his she her hers
it its they them their theirs who whom whose which what when where why how and or but nor so yet
if then else because although though while whereas unless until since as at by for from in into of
off on onto out over to up with without within about above across after against along among around
before behind below beneath beside between beyond despite down during except inside like near
outside per through throughout toward towards under upon via is am are was were be been being do
does did doing done has have had having can could may might must shall should will would not no
don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't wouldn't it's that's there's
all any both each every few many more most much other another some such several own same than too
very just also only even still ever never always often again already once here there now today
however therefore thus moreover meanwhile later ago according say says said saying told tell tells
asked added including included make makes made making take takes took taken taking get gets got go
goes went gone come comes came give gives gave given use uses used using see seen saw put set let
know known think thought want wants wanted need needs one two three first second last next new
year years day days week weeks month months monday tuesday wednesday thursday friday saturday
sunday well back away rather quite almost around enough less least little lot far long yes mr mrs
ms dr remain remains remained report reports reported warn warned expect expects expected announce
announced become becomes became show shows showed shown find found help helped hold held keep kept
others himself herself itself themselves ourselves yourself myself something anything nothing
everything someone anyone everyone nobody i'm i've we're they're he's she's you're let's
""")
_GERMAN: Final = _set("""
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner ich du er
sie es wir ihr mich dich ihn uns euch mir dir ihm ihnen sich mein meine dein sein seine seinen
seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere euer wer wen wem was welche welcher
welches welchen dieser diese dieses diesen diesem jener jene jenes man und oder aber denn sondern
sowie als wie wenn weil dass daß ob obwohl während bis bevor nachdem damit sodass falls an am auf
aus außer bei beim durch für gegen hinter in im ins mit nach neben ohne seit über um unter von vom
vor wegen zu zum zur zwischen gegenüber laut trotz ist bin bist sind war waren wart sei seien wäre
wären gewesen werden wird wurde wurden worden würde würden haben hat habe hatte hatten hätte
hätten kann können konnte konnten könnte könnten muss müssen musste mussten müsste soll sollen
sollte sollten will wollen wollte wollten darf dürfen durfte mag mögen möchte nicht nichts nie
auch noch nur schon sehr so dann da dort hier nun jetzt immer wieder mehr weniger viel viele
vielen vieler wenig alle allem allen aller alles andere anderen anderer anderes beide beiden
einige einigen etwa etwas ganz gar ja nein doch mal zwar jedoch dabei daran darauf daraus dafür
dagegen daher dadurch danach davon davor dazu deshalb deswegen trotzdem außerdem zudem bereits
erst selbst sogar weiter weitere weiteren heute gestern morgen jahr jahre jahren tag tage tagen
uhr sagte sagt sagten erklärte teilte mitteilte montag dienstag mittwoch donnerstag freitag
samstag sonntag zwei drei ab rund je jede jeder jedes jeden neue neuen neuer neues gibt geht macht
gemacht kam kommt
""")
_FRENCH: Final = _set("""
le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos
votre vos leur leurs je j tu il elle on nous vous ils elles me m te t se s lui moi toi soi eux y
en qui que qu quoi dont où quel quelle quels quelles lequel laquelle lesquels et ou mais donc or
ni car si comme quand lorsque puisque parce afin alors ainsi aussi à dans par pour sur sous avec
sans chez contre entre vers depuis pendant avant après devant derrière dès jusque jusqu malgré
selon hors est es suis sommes êtes sont était étaient étais été être sera seront serait seraient
fut furent soit ai as a avons avez ont avait avaient aura auront aurait auraient eu ayant avoir
fait faire font peut faut peuvent pouvait pourrait doit doivent devait va vont dit disent déclaré
affirmé ne n pas plus moins très trop peu beaucoup tout toute tous toutes même mêmes autre autres
encore déjà toujours jamais rien personne chaque plusieurs certains certaines quelques ici là ça
cela ceci c celui celle ceux celles aujourd hui hier demain an ans année années jour jours lundi
mardi mercredi jeudi vendredi samedi dimanche deux trois premier première notamment cependant
toutefois enfin puis ensuite non oui bien lors
""")
_SPANISH: Final = _set("""
el la los las lo un una unos unas de del al a ante bajo con contra desde durante en entre hacia
hasta mediante para por según sin sobre tras y e o u ni pero sino mas aunque porque pues que qué
si como cómo cuando cuándo donde dónde quien quién quienes cual cuál cuales cuyo cuya este esta
estos estas ese esa esos esas aquel aquella aquellos esto eso aquello mi mis tu tus su sus nuestro
nuestra nuestros nuestras yo tú él ella ello nosotros ellos ellas usted ustedes me te se nos os le
les es son era eran fue fueron ser sido siendo será serán sería está están estaba estaban estar
estado ha han había habían haber habrá he hemos hay hace hacer hizo hecho tiene tienen tenía tener
puede pueden podía poder podría debe deben va van dijo dice dicen señaló afirmó explicó no sí ya
también tampoco muy más menos mucho mucha muchos muchas poco poca pocos pocas todo toda todos
todas otro otra otros otras mismo misma mismos mismas cada algún alguno alguna algunos algunas
ningún ninguno tan tanto tal así aquí allí ahora hoy ayer mañana siempre nunca después antes luego
entonces además sin embargo mientras solo sólo año años día días lunes martes miércoles jueves
viernes sábado domingo dos tres primer primera
""")
_ITALIAN: Final = _set("""
il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli alle da
dal dallo dalla dai dagli dalle in nel nello nella nei negli nelle con col su sul sullo sulla sui
sugli sulle per tra fra e ed o ma però anche se che chi cui come quando dove perché mentre io tu
lui lei noi voi loro mi ti si ci vi ne mio mia tuo suo sua suoi sue nostro nostra vostro questo
questa questi queste quello quella quelli quelle è sono era erano sia stato stata stati essere
sarà ha hanno ho aveva avevano avere avrà può possono deve devono fa fare fatto ha detto dice non
più meno molto molti poco tutto tutti tutta tutte altro altri altra altre stesso stessa ogni
alcuni alcune già ancora sempre mai solo così qui lì ora oggi ieri domani poi dopo prima anni anno
giorno giorni due tre
""")
_PORTUGUESE: Final = _set("""
o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela pelos pelas
para com sem sob sobre entre até desde contra durante e ou mas nem que se como quando onde porque
pois quem qual quais cujo este esta estes estas esse essa esses essas aquele aquela isto isso
aquilo eu tu ele ela nós vós eles elas me te lhe lhes meu minha seu sua seus suas nosso nossa você
vocês é são era eram foi foram ser sido sendo será seria está estão estava estar tem têm tinha ter
há havia pode podem poder deve devem vai vão fez fazer feito disse diz afirmou não sim já também
muito muita muitos muitas mais menos pouco todo toda todos todas tudo outro outra outros outras
mesmo cada algum alguma alguns algumas nenhum tão assim aqui ali agora hoje ontem amanhã sempre
nunca depois antes então ainda apenas só ano anos dia dias dois duas três
""")
_DUTCH: Final = _set("""
de het een der des den ik jij je hij zij ze wij we jullie u mij me hem haar ons hun hen mijn jouw
zijn onze uw wie wat welke waar wanneer waarom hoe dit dat deze die en of maar want dus als toen
omdat hoewel terwijl tot voordat nadat zodat aan achter bij binnen boven buiten door in langs met
na naar naast om onder op over per rond sinds te ten ter tegen tussen uit van vanaf voor volgens
zonder is ben bent was waren wordt worden werd werden geweest heeft heb hebben had hadden kan
kunnen kon konden moet moeten moest zal zullen zou zouden wil willen mag mogen gaat gaan doet doen
zegt zei niet niets geen nooit ook nog al wel zeer erg heel meer minder veel weinig alle alles
andere ander elk elke iedere sommige enkele hier daar nu dan er zo weer altijd reeds echter jaar
jaren dag dagen vandaag twee drie eerste nieuwe
""")
_RUSSIAN: Final = _set("""
и а но да или либо что чтобы как если когда где куда откуда почему потому поэтому хотя пока так
также тоже же ли бы не ни нет в во на с со к ко у о об обо от до по за из изо над под при про для
без через между перед после около против среди ради я ты он она оно мы вы они меня мне мной тебя
тебе его ему им ней её ее нее нему них нас нам нами вас вам вами их ими себя себе мой моя мои твой
свой своя свои своего своей своих наш наша наши ваш этот эта это эти этого этой этих этом тот та
то те того той тех том который которая которое которые которого которой которых котором которую
кто чего чем кого кому весь вся всё все всех всего всем был была было были быть есть будет будут
является стал стала стали может могут можно нужно надо должен должны сказал сказала сообщил
сообщила заявил заявила отметил уже ещё еще только лишь даже очень более менее много мало
несколько другой другие других каждый сам сама сами самый такой такая такие там тут здесь сейчас
теперь тогда сегодня вчера завтра всегда никогда потом затем однако например год года году лет
день дня дней один одна два две три первый новый
""")
_ARABIC: Final = _set("""
في من إلى الى على عن مع بين عند منذ حتى خلال بعد قبل تحت فوق أمام حول ضد دون لدى عبر و أو او ثم بل
لكن لكنه أن ان إن أنه انه إنه أنها إنها كان كانت كانوا يكون تكون ليس ليست قد لقد سوف لا لم لن ما
ماذا هل كيف متى أين لماذا هذا هذه ذلك تلك هؤلاء الذي التي الذين اللذين هو هي هم هن أنا نحن أنت
أنتم كل بعض جميع غير أي أكثر أقل أيضا أيضاً كما مثل إذا اذا إلا حيث بما مما عما فيما به بها له لها
لهم فيه فيها منه منها عليه عليها إليه وهو وهي وفي ومن وعلى وقال وقالت قال قالت يقول أضاف وأضاف أكد
وأكد أعلن يوم اليوم أمس عام سنة الآن هناك هنا نحو وقد ولا ولم وكان وكانت
""")
_HINDI: Final = _set("""
का की के को में से पर ने और या एवं तथा भी ही तो कि जो जिस जिसे जिन जिनके जिसके जिसकी जिसमें यह ये
वह वे इस उस इन उन इसके इसकी उसके उसकी उनके उनकी इनके इसे उसे उन्हें इन्हें इसका उसका अपने अपनी
अपना मैं हम तुम आप मेरा मेरे मेरी हमारा हमारे हमारी आपका आपके कौन क्या कब कहाँ कहां क्यों कैसे
कितना है हैं था थी थे हो होता होती होते हुआ हुई हुए होने होगा होगी गया गई गए जा जाता जाती जाते
जाने रहा रही रहे कर करना करने करते करता करती किया किए की दिया दी दिए लिए लिया ले साथ बाद पहले तक
द्वारा बीच बारे ओर तरह वाले वाली वाला नहीं न मत अब जब तब यदि अगर लेकिन परंतु किंतु क्योंकि इसलिए
बहुत कुछ कई सब सभी अन्य एक दो तीन कहा बताया सकता सकते सकती चाहिए आज कल साल दिन यहाँ यहां वहाँ वहां
""")
_CHINESE: Final = _set("""
我们 你们 他们 她们 它们 自己 大家 这个 那个 这些 那些 这样 那样 这里 那里 什么 怎么 为什么 哪里
多少 因为 所以 但是 但 不过 然而 而且 并且 以及 或者 还是 如果 虽然 尽管 由于 因此 于是 然后 同时
此外 另外 其中 其他 其它 其 之后 之前 以后 以前 之间 期间 当时 现在 目前 今天 昨天 明天 今年 去年
明年 已经 曾经 正在 将要 将会 可以 可能 应该 必须 需要 能够 不能 不会 没有 不是 就是 还有 也是
都是 只有 只是 非常 十分 更加 比较 最 很 通过 根据 按照 关于 对于 随着 为了 作为 表示 认为 指出 说
称 介绍 进行 成为 使用 一个 一些 一种 一次 两个 三个 许多 很多 各种 每个 第一 第二 记者 方面 时候
时间 日 月 年 上 下 中 里 内 外 前 后 一 个 的 了 是 在 和 与 有 我們 你們 他們 這個 那個 這些
這樣 什麼 為什麼 因為 雖然 儘管 然後 現在 今天 已經 應該 沒有 還有 通過 根據
""")
_JAPANESE: Final = _set("""
こと もの ため よう それ これ あれ その この あの そして しかし また ここ そこ する した して いる
ある なる なった という について による として において に対して から まで など だけ ほど です
ます でした ました ない なかった だった である 年 月 日 時 分 人 的 等 中 後 前 上 下 内 外 間 方
者 今日 昨日 明日 今年 昨年 場合 必要 可能 以上 以下 以前 以降 私 彼 彼女 我々 自分 何 誰 一 二 三
同 各 約
""")
_THAI: Final = _set("""
และ หรือ แต่ ที่ ซึ่ง อัน ว่า ของ ใน บน จาก ถึง กับ แก่ แด่ ต่อ โดย เพื่อ เพราะ เนื่องจาก ดังนั้น
ถ้า หาก เมื่อ ขณะ ก่อน หลัง ระหว่าง ตั้งแต่ จน จนถึง ตาม ด้วย ให้ ได้ ไป มา อยู่ เป็น คือ มี ไม่
ไม่มี จะ กำลัง แล้ว ยัง ก็ ต้อง ควร อาจ สามารถ คง เคย ถูก ทำ ทำให้ นี้ นั้น โน้น นี่ นั่น เขา เธอ
มัน เรา ฉัน ผม คุณ ท่าน พวก ทุก แต่ละ บาง หลาย มาก น้อย กว่า ที่สุด อีก เอง กัน ทั้ง ทั้งนี้ รวม
เช่น อย่าง แบบ การ ความ ผู้ วัน เดือน ปี วันนี้ กล่าว บอก ระบุ เปิดเผย ครับ ค่ะ คะ นะ สิ อะไร ใคร
ไหน ทำไม อย่างไร หนึ่ง สอง สาม
""")
_TURKISH: Final = _set("""
ve veya ya da de ile ama fakat ancak çünkü ki için gibi kadar göre sonra önce bu şu o bunlar onlar
ben sen biz siz bir iki üç her tüm bütün bazı çok az daha en değil var yok mi mı mu mü ne kim
nasıl neden nerede olan olarak oldu olduğu olduğunu etti ediyor eden dedi söyledi ise hem hiç
artık bugün dün yıl gün yeni ilk
""")

_BY_LANGUAGE: Final = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "nl": _DUTCH,
    "ru": _RUSSIAN,
    "ar": _ARABIC,
    "hi": _HINDI,
    "zh": _CHINESE,
    "ja": _JAPANESE,
    "th": _THAI,
    "tr": _TURKISH,
}


def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, case-folded; none for a language without a list."""
    return _BY_LANGUAGE.get(language, frozenset())


_PALE_ENGLISH: Final = _set("""
based using use used uses given shown show shows propose proposed proposes present presented
presents paper papers article one two three four five first second third well known however
results result study studies studied describe described describes discussed discusses consider
considered able among et al fig figure table section new approach approaches various different
important e.g i.e
""")

_PALE: Final = {"en": _PALE_ENGLISH}


def domain_stop_words(language: str) -> frozenset[str]:
    """Return content words that never name a subject; none for a language without a list.

    They bound keyphrases as stop words do, but do not start sentences.
    """
    return _PALE.get(language, frozenset())
