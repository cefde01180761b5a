"""Terms of the 17 first-level IPTC Media Topics, English and Chinese. Data only, our own choice.

A term with `*` behind it weighs twice: it hardly stands in a text about anything else.
English terms are single words without a plural `s`; Chinese ones are looked for as they stand.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its id and name in the IPTC's NewsCodes, and its terms."""

    medtop: str
    name: str
    english: str
    chinese: str


TOPICS: Final = (
    Topic(
        "01000000",
        "arts, culture, entertainment and media",
        """
        actor* actress* album* animation* art artist* artwork* audience author ballet* band
        bestseller biography blockbuster* bookshop box-office broadcaster cartoon cast celebrity*
        choir* cinema* comedian* comedy composer* concert* conductor culture curator* dance*
        dancer* director documentary* drama* exhibition* fiction* film* filmmaker* gallery*
        genre* guitar* hip-hop* hollywood* journalism journalist literature* lyric* magazine
        melody* movie* museum* music* musical* musician* novel* novelist* opera* orchestra*
        oscar* painter* painting* photographer playwright* poem* poet* poetry* premiere*
        publisher rapper* record recording rock sculptor* sculpture* script sequel* singer*
        single sitcom* song* soundtrack* stage star storytelling studio symphony* theatre*
        theater* trilogy* tv vocalist* writer bafta* grammy* emmy* festival chart pop television
        episode viewer radio newspaper
        """,
        """
        电影* 演员* 导演* 音乐* 歌手* 演唱会* 专辑* 票房* 电视剧* 综艺* 明星* 娱乐* 艺术* 艺术家*
        画家* 绘画* 展览 博物馆* 美术馆* 戏剧* 话剧* 京剧* 舞蹈* 小说* 作家* 诗人* 文学* 文化
        出版 媒体 记者节 主持人* 影片* 剧组* 角色 首映* 影视* 歌曲* 乐队* 书法* 收藏 动画* 动漫*
        奥斯卡* 金像奖* 好莱坞* 写真* 绯闻* 艺人* 女星* 男星* 主演* 新片* 影后* 影帝* 出演* 片场*
        电视台 经纪人 粉丝 走红 红毯* 戛纳* 春晚* 周杰伦* 范冰冰* 张艺谋*
        """,
    ),
    Topic(
        "16000000",
        "conflict, war and peace",
        """
        airstrike* ambush* ammunition* armed armistice* army artillery* assault battalion* battle
        battlefield* bomb* bomber* bombing* bombardment* casualty ceasefire* civilian combat*
        combatant* conflict coup* drone enemy explosive* fighter* fighting front frontline*
        genocide* grenade* guerrilla* gunfire gunman hostage* hostility* infantry* insurgency*
        insurgent* invasion* jihadist* mercenary* militant* military* militia* missile* mortar*
        munition* nato* offensive* paramilitary* peacekeeper* peacekeeping* rebel* refugee
        regiment* rocket* sabotage* shell shelling* siege* sniper* soldier* squadron* tank
        terrorism* terrorist* torpedo* treaty troop* truce* uprising* war* warfare* warlord*
        warplane* warship* weapon* wounded iraq* iraqi* baghdad* fallujah* najaf* afghanistan*
        taliban* hamas* gaza* palestinian* kabul* darfur* al-qaeda* qaeda* kidnapped insurgents
        """,
        """
        战争* 军队* 士兵* 导弹* 空袭* 武装* 冲突* 停火* 袭击* 恐怖分子* 恐怖袭击* 炸弹* 爆炸袭击*
        战机* 军舰* 航母* 军事* 作战* 炮击* 叛军* 反政府武装* 维和* 和平协议* 侵略* 入侵* 战场*
        伤亡 部队* 军演* 国防* 武器* 弹药* 驻军* 塔利班* 北约* 伊拉克* 阿富汗* 以军* 巴勒斯坦*
        美军* 韩军* 朝鲜 战斗机* 军方* 开战* 交火* 政变* 绑架 人质*
        """,
    ),
    Topic(
        "02000000",
        "crime, law and justice",
        """
        accomplice* accused* acquittal* acquitted* alleged alibi* appeal arrest* arrested* arson*
        assailant* assault attorney* bail* barrister* blackmail* bribe* bribery* burglar*
        burglary* charge charged constable* convict* convicted* conviction* counterfeit* court*
        courtroom* crime* criminal* custody* defendant* detective* embezzlement* evidence
        extortion* extradition* felony* forensic* forgery* fraud* guilty* handcuff* homicide*
        imprisoned* imprisonment* indicted* indictment* inmate* jail* jailed* judge* judicial*
        jury* juror* justice kidnapping* larceny* lawsuit* lawyer* legal libel* magistrate*
        manslaughter* mugging* murder* murderer* offence* offender* parole* penalty perjury*
        plaintiff* police* policeman* prison* prisoner* probation* prosecution* prosecutor* rape*
        rapist* robber* robbery* sentenced* sheriff* smuggling* solicitor* stabbing* sue* sued*
        suspect* testified* testimony* theft* thief* thug* trafficking* trial* tribunal*
        vandalism* verdict* victim witness
        """,
        """
        警方* 警察* 民警* 犯罪* 嫌疑人* 犯罪嫌疑人* 逮捕* 拘留* 刑拘* 法院* 法庭* 判决* 被告*
        被告人* 原告* 律师* 检察院* 检察官* 起诉* 审判* 有期徒刑* 死刑* 死缓* 监狱* 杀人* 凶手*
        盗窃* 抢劫* 诈骗* 贪污* 受贿* 毒品* 走私* 强奸* 绑匪* 案件* 案发* 侦查* 公安* 司法* 法官*
        诉讼* 涉嫌* 罪犯* 庭审* 一审* 二审* 故意伤害* 通缉* 赃款* 判刑* 获刑* 服刑* 杀害* 刺死*
        劫匪*
        """,
    ),
    Topic(
        "03000000",
        "disaster, accident and emergency incident",
        """
        accident* aftershock* ambulance* avalanche* blast blaze* burned capsized* catastrophe*
        collapse collapsed collided* collision* crash crashed* cyclone* deadly debris* derailed*
        derailment* devastation* disaster* drowned* earthquake* emergency epicentre* epicenter*
        eruption* evacuate* evacuated* evacuation* explosion* famine* fatality* fire firefighter*
        flame* flood* flooded* flooding* hurricane* injured* injury inferno* landslide* lifeboat*
        magnitude mudslide* paramedic* pile-up* quake* relief rescue* rescued* rescuer* rubble*
        ruins seismic* shipwreck* sinking* smoke stranded survivor* tornado* toll tremor*
        tsunami* typhoon* victim volcano* wildfire* wreck* wreckage*
        """,
        """
        地震* 余震* 震中* 海啸* 洪水* 洪灾* 泥石流* 滑坡* 台风* 飓风* 龙卷风* 火山* 火灾* 大火*
        起火* 爆炸* 坍塌* 事故* 车祸* 追尾* 坠机* 沉船* 翻车* 矿难* 遇难* 遇难者* 伤亡* 受伤
        失踪* 救援* 搜救* 消防* 消防员* 灾区* 灾民* 救灾* 抗震* 赈灾* 疏散* 被困* 幸存者* 溺水*
        坠楼* 坠亡* 中毒* 雪崩* 身亡* 撞死*
        """,
    ),
    Topic(
        "04000000",
        "economy, business and finance",
        """
        acquisition* analyst asset* auction auditor* banker* banking* bankrupt* bankruptcy* bank
        bond* borrower* brand broker* brokerage* budget business* buyout* capital ceo* chairman
        commerce commodity* company* competitor consumer corporate* corporation* cost creditor*
        currency* customer deal debt* deficit* deflation* demand depositor* discount dividend*
        dollar* dow* downturn* earning* economic* economist* economy* enterprise entrepreneur*
        equity* euro* exchange export* exporter* factory finance* financial* firm* fiscal*
        forecast fund* gdp* growth hedge import inflation* insurer* insurance* interest
        inventory* invest* investment* investor* ipo* lender* loan* loss manufacturer*
        manufacturing* market* merger* monetary* mortgage* nasdaq* nikkei* oil opec* output
        payment pension portfolio* price* producer product production profit* profitability*
        purchase quarter* quarterly* rate recession* refinery* retail* retailer* revenue* sale*
        saver* saving sector securities* share* shareholder* shop stock* stockbroker* supplier*
        supply takeover* tariff* tax taxpayer trade* trader* trading* treasury* turnover*
        wholesale* yen* yuan* yield barrel* crude* fed* wto* airline
        """,
        """
        经济* 股市* 股票* 股价* 上证* 沪指* 深成指* 大盘* 涨停* 跌停* 基金* 债券* 银行* 央行*
        利率* 贷款* 存款* 汇率* 人民币* 美元 通胀* 通货膨胀* 物价* 投资* 投资者* 金融* 证券*
        上市* 公司 企业* 市场 营收* 利润* 净利润* 亏损* 收购* 并购* 融资* 贸易* 进出口* 出口*
        关税* 消费 零售* 房价* 楼市* 房地产* 开发商* 楼盘* 房产* 土地出让* 地产* 期货* 黄金 油价*
        原油* 财政* 税收* 财报* 季度 A股* 港股* 美股* 券商* 保险* 信贷* GDP* CPI* 增持* 减持*
        重组* IPO* 户型* 均价* 平米* 开盘* 首付* 按揭* 商铺* 写字楼* 理财* 净值* 私募* 股指*
        外汇* 供应量 销量 调控* 限购*
        """,
    ),
    Topic(
        "05000000",
        "education",
        """
        academic* academy* admission* algebra* alumni* campus* classroom* college* coursework*
        curriculum* degree dean* diploma* dissertation* educate* education* educational*
        educator* enrolment* enrollment* essay exam* examination* faculty* freshman* graduate*
        graduation* gcse* grammar headmaster* headteacher* homework* kindergarten* learner*
        lecture* lecturer* lesson* literacy* ofsted* phd* playground postgraduate* principal
        professor* pupil* scholar* scholarship* school* schoolchildren* schooling* seminar*
        semester* student* sat syllabus* teach* teacher* teaching* textbook* thesis* timetable
        truancy* tuition* tutor* undergraduate* university* vocational*
        """,
        """
        教育* 学校* 学生* 教师* 老师* 大学* 高校* 高考* 中考* 考研* 考试* 考生* 招生* 录取*
        录取分数线* 分数线* 志愿* 课程* 教材* 课堂* 中学* 小学* 幼儿园* 校长* 学院* 毕业生* 毕业*
        博士* 硕士* 研究生* 本科* 留学* 奖学金* 学费* 教学* 培训* 四六级* 英语 作文* 试题* 试卷*
        答案* 状元* 复习* 备考* 公务员考试* 雅思* 托福* GRE* SAT* MBA* 校园* 教授* 辅导* 家教*
        真题* 词汇* 阅卷* 自主招生* 报名
        """,
    ),
    Topic(
        "06000000",
        "environment",
        """
        acid afforestation* biodiversity* biofuel* biomass carbon* climate* co2* conservation*
        conservationist* contaminated* contamination* coral* deforestation* desertification*
        ecologist* ecology* ecosystem* emission* endangered* energy environment* environmental*
        environmentalist* erosion* extinct* extinction* fauna* flora* forest fossil* glacier*
        greenhouse* greenpeace* groundwater* habitat* hydropower* ivory* kyoto* landfill* litter
        logging* mangrove* marine nature organic ozone* pesticide* planet plastic poaching*
        pollutant* pollution* polluted* preserve rainforest* recycle* recycled* recycling* reef*
        renewable* reservoir river sanctuary* sewage* smog* soil solar species* sustainability*
        sustainable* toxic* turbine* warming* waste wetland* wildlife* whale whaling*
        """,
        """
        环境* 环保* 污染* 排放* 减排* 碳排放* 碳中和* 气候变化* 温室气体* 全球变暖* 生态*
        生态系统* 生物多样性* 濒危* 保护区* 野生动物* 森林* 湿地* 沙漠化* 荒漠化* 水污染*
        空气质量* 雾霾* PM2.5* 垃圾分类* 垃圾 回收* 再生能源* 可再生能源* 太阳能* 风电* 节能*
        绿化* 植树* 冰川* 物种* 污水* 治污* 环评*
        """,
    ),
    Topic(
        "07000000",
        "health",
        """
        addiction* aids* allergy* alzheimer* anaesthetic* antibiotic* antibody* antiviral*
        artery* arthritis* asthma* bacteria* biopsy* blood bmi* calorie cancer* cardiac*
        cardiologist* chemotherapy* cholesterol* clinic* clinical* clinician* contagious* cure
        dementia* dentist* depression diabetes* diabetic* diagnose* diagnosed* diagnosis* diet
        disease* doctor* dosage* dose* drug epidemic* epilepsy* flu* gp gynaecologist* health*
        healthcare* heart hepatitis* hiv* hormone* hospital* hygiene* illness* immune* immunity*
        infant infected* infection* infectious* influenza* inoculation* insulin* kidney* liver*
        lung* malaria* malnutrition* maternity* medical* medication* medicine* mental midwife*
        mrsa* nausea* neurologist* nhs* nurse* nutrition* obese* obesity* operation outbreak*
        pandemic* paralysis* patient* pharmaceutical* pharmacist* pharmacy* physician* pneumonia*
        polio* pregnancy* pregnant prescription* prognosis* psychiatric* psychiatrist*
        quarantine* rehabilitation sars* scan sick smoker* smoking* stroke* surgeon* surgery*
        surgical* symptom* syndrome* therapy* therapist* tobacco* transplant* treatment*
        tuberculosis* tumour* tumor* ulcer* vaccination* vaccine* virus* vitamin* ward wound
        """,
        """
        医院* 医生* 患者* 病人* 疾病* 健康* 治疗* 手术* 药物* 药品* 疫苗* 病毒* 感染* 疫情* 流感*
        癌症* 肿瘤* 糖尿病* 高血压* 心脏病* 艾滋病* 症状* 诊断* 医疗* 医学* 临床* 护士* 卫生*
        防疫* 隔离 确诊* 病例* 抑郁症* 营养* 肥胖* 血压* 免疫* 抗生素* 中医* 中药* 急诊* 住院*
        医保* 孕妇* 器官移植* 肺炎* 肝炎* 细菌* 禽流感* 甲流* H1N1* 减肥 戒烟* 门诊*
        """,
    ),
    Topic(
        "08000000",
        "human interest",
        """
        anniversary* award baby birthday* bizarre* charity* coincidence* curious donated*
        eccentric* elderly fundraiser* fundraising* guinness* heartwarming* hero honoured*
        kindness* lottery* lucky millionaire* mystery nickname* oddity* passer-by* quirky*
        rarest* record-breaking* reunion* reunited* royal* prince* princess* queen* duchess*
        duke* superstition* surprise triplet* twin* unusual* volunteer* viral* well-wisher*
        world-record* puppy* kitten* pet stray* tattoo* oldest* centenarian* grandmother*
        grandfather* jackpot* celebrated
        """,
        """
        奇葩* 奇闻* 趣事* 感人* 感动* 爱心* 捐款* 好心人* 志愿者* 团聚* 双胞胎* 百岁老人* 百岁*
        中奖* 大奖* 彩票* 吉尼斯* 世界纪录 宠物* 流浪狗* 小狗* 猫咪* 拾金不昧* 见义勇为* 王室*
        王子* 公主* 女王* 寻亲* 乌龙* 奇迹* 热心市民* 双色球* 彩民* 福彩* 开奖* 星座* 运势* 生肖*
        """,
    ),
    Topic(
        "09000000",
        "labour",
        """
        apprentice* apprenticeship* bargaining* career* colleague contractor co-worker*
        dismissal* dismissed downsizing* employ employed* employee* employer* employment* hire*
        hired* hiring* internship* job* jobless* jobseeker* labor* labour* laid-off* layoff*
        maternity minimum-wage* occupation overtime* paycheck* payroll* picket* picketing*
        promotion recruit recruitment* redundancy* redundant* resign resume retire retirement*
        salary* shift skilled stoppage* strike* striker strikers staff sweatshop* trainee* union*
        unionised* unemployed* unemployment* vacancy* wage* walkout* worker* workforce*
        workplace* workload*
        """,
        """
        就业* 失业* 失业率* 工资* 薪酬* 薪资* 最低工资* 员工* 职工* 工人* 农民工* 劳动* 劳动者*
        劳动合同* 劳动法* 工会* 罢工* 裁员* 招聘* 求职* 求职者* 应聘* 面试* 职场* 跳槽* 加班*
        欠薪* 讨薪* 退休* 养老金* 社保* 用工* 用工荒* 工伤* 雇主* 雇员* 白领* 实习*
        """,
    ),
    Topic(
        "10000000",
        "lifestyle and leisure",
        """
        accessory* baking* bake bar barbecue* bathroom beach* bedroom beer* beverage* boutique*
        brew brunch* butter cafe* cake* camping* casino* catwalk* cheese* chef* chic* chocolate*
        cocktail* coffee* collectible* cook cooking* cosmetic* couture* crochet* cruise* cuisine*
        culinary* decor* decorate* delicious* designer* dessert* destination* dish dress*
        eyeshadow* fashion* flavour* flour* furniture* gambling* garden* gardener* gardening*
        garlic* gourmet* hairstyle* handbag* hike* hiking* hobby* holiday* holidaymaker* hotel*
        ingredient* interior itinerary* jeans jewellery* jewelry* kitchen* knitting* leisure*
        lipstick* luxury* makeup* menu* nightlife* oven* pasta* pastry* perfume* picnic* puzzle*
        recipe* resort* restaurant* roast* salad* sauce* shopping skincare* sightseeing* soup*
        souvenir* spa* stylish* tablespoon* teaspoon* tourism* tourist* travel* traveller*
        traveler* trend vacation* vegetarian* vineyard* wardrobe* weekend wine* yoga* teapot
        """,
        """
        旅游* 旅行* 游客* 景区* 景点* 酒店* 民宿* 美食* 菜谱* 餐厅* 厨师* 烹饪* 食材* 咖啡*
        葡萄酒* 红酒* 茶叶* 时尚* 服装* 穿搭* 搭配* 化妆* 护肤* 美容* 珠宝* 奢侈品* 家居* 家具*
        装修* 园艺* 瑜伽* 健身* 度假* 购物* 露营* 自驾* 休闲* 品牌 造型* 彩妆* 香水* 潮流* 秀场*
        单品* 裙* 发型* 婚纱* 腕表* T台* 街拍* 春装* 夏装* 美发* 瘦身*
        """,
    ),
    Topic(
        "11000000",
        "politics and government",
        """
        administration ambassador* amendment* ballot* bipartisan* cabinet* campaign campaigner
        candidate* caucus* chancellor* coalition* commissioner commons* communist* congress*
        congressman* conservative* constituency* constitution* constitutional* council
        councillor* delegate* democracy* democrat* democratic* deputy diplomacy* diplomat*
        diplomatic* dissident* elect elected* election* electoral* electorate* embassy* foreign
        governing* government* governor* house ideology* inauguration* incumbent* labour-party*
        lawmaker* leader left-wing legislation* legislative* legislator* legislature* liberal*
        lobby lobbyist* lord manifesto* mayor* minister* ministry* monarchy mp* nomination*
        nominee* opposition parliament* parliamentary* party political* politician* politics*
        poll* pollster* premier presidency* president* presidential* primary prime referendum*
        reform regime* reelection* representative republican* right-wing sanction* secretary
        senate* senator* socialist* sovereignty* spokesman spokeswoman state statesman* summit*
        tory* lib-dem* ukip* vote* voter* voting* westminster* white-house* bush* kerry* blair*
        putin* sharon* arafat* annan* cheney* brussels*
        """,
        """
        政府* 总统* 总理* 主席* 首相* 部长* 外交部* 外交* 外长* 大使* 大使馆* 国会* 议会* 议员*
        参议院* 众议院* 选举* 大选* 投票* 选民* 候选人* 竞选* 政党* 执政* 执政党* 反对党* 在野党*
        民主党* 共和党* 政策 立法* 法案* 宪法* 人大* 政协* 常委* 中央* 国务院* 省委* 市委* 书记*
        省长* 市长* 党员* 反腐* 峰会* 会谈* 访华* 制裁* 主权* 双边关系* 发言人* 国家主席* 联合国*
        奥巴马* 希拉里* 普京* 内阁* 公投* 罢免* 示威* 抗议* 民调* 政治* 官员* 台湾 大陆
        """,
    ),
    Topic(
        "12000000",
        "religion",
        """
        abbey* allah* altar* anglican* archbishop* atheist* baptism* baptist* bible* biblical*
        bishop* buddha* buddhism* buddhist* cardinal* cathedral* catholic* catholicism* chapel*
        christ* christian* christianity* church* clergy* clergyman* confession congregation*
        convent* cult* diocese* divine* easter* evangelical* faith* god* gospel* heresy* hindu*
        hinduism* holy* hymn* imam* islam* islamic jesus* jew jewish* judaism* koran* lent
        lutheran* mass mecca* methodist* missionary* monastery* monk* mosque* muslim* nun*
        orthodox* papal* parish* pastor* pilgrim* pilgrimage* pope* pray* prayer* preach*
        preacher* priest* protestant* quran* rabbi* ramadan* religion* religious* sacred* saint*
        sect* secular* sermon* shrine* sikh* sin* soul spiritual* spirituality* sunday synagogue*
        temple* theologian* theology* torah* vatican* vicar* worship* worshipper*
        """,
        """
        宗教* 佛教* 佛* 佛像* 寺庙* 寺院* 和尚* 僧人* 尼姑* 道教* 道士* 基督教* 天主教* 教堂*
        教会* 教皇* 主教* 神父* 牧师* 圣经* 耶稣* 上帝* 伊斯兰教* 清真寺* 穆斯林* 古兰经* 朝圣*
        祈祷* 信徒* 信仰* 礼拜* 菩萨* 法师* 禅* 达赖* 喇嘛* 梵蒂冈* 斋月* 庙会*
        """,
    ),
    Topic(
        "13000000",
        "science and technology",
        """
        algorithm* android* apple app* archaeologist* asteroid* astronaut* astronomer* astronomy*
        atom* atomic* bacterium* biologist* biology* biotechnology* bluetooth* broadband*
        browser* byte* cassini* chemical chemist* chemistry* chip* cloning* cloud code coder*
        comet* computer* computing* console* cosmic* cyber* data database* device* digital* dna*
        download* e-mail* electron* electronics* encryption* engineer engineering evolution*
        experiment* fossil* galaxy* gadget* gamer* gaming* gene* genetic* genome* geologist*
        google* gps* hacker* handset* hardware* hypothesis* ibm* innovation intel* internet*
        invention* inventor* ipod* iphone* itunes* lab* laboratory* laptop* laser* launch linux*
        lunar* mars* mathematician* microprocessor* microscope* microsoft* mobile molecule* moon*
        nanotechnology* nasa* neuron* nintendo* online* orbit* particle* password* patent* pc*
        phone* phishing* physicist* physics* piracy* playstation* probe* processor* program
        programmer* prototype* quantum* research* researcher* robot* robotic* satellite* saturn*
        science* scientific* scientist* screen search semiconductor* server* shuttle* silicon*
        smartphone* software* spaceship* space* spacecraft* spam* species spyware* startup*
        supercomputer* tech* technology* telescope* trojan* uranium* usb* user* videogame*
        virtual* virus web* webcam* website* wi-fi* wifi* windows* wireless* worm xbox* yahoo*
        """,
        """
        科学* 科学家* 科技* 技术* 研究人员* 研究 实验* 实验室* 航天* 卫星* 火箭* 飞船* 宇航员*
        太空* 天文* 月球* 火星* 黑洞* 基因* 细胞* 物理* 化学* 生物 量子* 芯片* 半导体* 计算机*
        电脑* 笔记本* 手机* 智能手机* 软件* 硬件* 互联网* 网络* 网站* 人工智能* 机器人* 大数据*
        云计算* 5G* 3G* 4G* 算法* 程序员* 黑客* 苹果公司* iPhone* iPad* 安卓* 微软* 谷歌* 腾讯*
        阿里* 百度* 华为* 小米* 联想* 诺基亚* 三星* 处理器* 显卡* 屏幕* 像素* 相机* 单反* 数码*
        镜头* 化石* 考古* 专利* 发明* 研发* 游戏* 玩家* 网游* 内测* 公测* 新浪* 微博* 运营商*
        电商* 平板* 液晶* 恐龙*
        """,
    ),
    Topic(
        "14000000",
        "society",
        """
        abortion* adolescent* adoption* ageing* asylum* birthrate* bullying* caste* census*
        childcare* child community contraception* demographic* disability* disabled*
        discrimination* diversity* divorce* divorced* domestic elderly* equality* ethnic*
        ethnicity* families family fatherhood* feminism* feminist* foster* gay* gender*
        generation homeless* homelessness* homosexual* housing* human-rights* humanitarian*
        immigrant* immigration* indigenous* inequality* integration* lesbian* loneliness*
        marriage* marital* migrant* migration* minority* motherhood* multicultural* orphan*
        orphanage* parent* parenting* pensioner* philanthropy* population* poverty* prejudice*
        racial* racism* racist* refugee* same-sex* segregation* sexism* sexuality* slavery* slum*
        social* society* suicide* teenage* teenager* welfare* women youth* wedding
        """,
        """
        社会* 家庭* 婚姻* 结婚* 离婚* 夫妻* 孩子* 儿童* 父母* 老人* 养老* 老龄化* 人口* 人口普查*
        计划生育* 二胎* 三胎* 生育* 移民* 难民* 贫困* 扶贫* 低保* 福利* 慈善* 歧视* 性别* 女性*
        妇女* 平等* 少数民族* 同性恋* 残疾人* 留守儿童* 孤儿* 流动人口* 户籍* 户口* 居民* 社区*
        青少年* 自杀* 家暴* 拐卖*
        """,
    ),
    Topic(
        "15000000",
        "sport",
        """
        arsenal* athlete* athletic* athletics* baseball* basketball* batsman* bowler* boxer*
        boxing* captain celtic* champion* championship* chelsea* club coach* coached* cricket*
        cricketer* cup cyclist* cycling* defeat defeated defender* derby* doping* everton* fa
        fifa* final finalist* football* footballer* formula-one* forward fourth-quarter*
        freestyle* fixture* game* goal* goalkeeper* goalless* golf* golfer* grand-slam* gymnast*
        gymnastic* half-time* hat-trick* halfback* hockey* home-run* hurdle* injury inning*
        innings* javelin* judo* kick knockout league* linebacker* liverpool* lions marathon*
        match* medal* medallist* midfielder* mlb* nba* nfl* nhl* offside* olympic* olympics*
        olympian* opponent* penalty* pitcher* playoff* play player* premiership* quarterback*
        quarter-final* race racing rally real-madrid* rebounds* referee* relay* round rowing*
        rugby* rugby-union* runner* score* scored* scorer* scoring season* seed seeded*
        semi-final* semifinal* serie set-point* skier* skiing* six-nations* soccer* sport*
        sporting* sprint* sprinter* squad* stadium* striker* swimmer* swimming* tackle* team*
        teammate* tennis* title tour tournament* touchdown* triathlon* triple-jump* try uefa*
        unbeaten* umpire* victory volleyball* wicket* wimbledon* win winger* winner world-cup*
        wrestler* wrestling* yankees* red-sox* scrum-half* fly-half* seconds beat coach
        """,
        """
        足球* 篮球* 比赛* 联赛* 球队* 球员* 教练* 主教练* 主场* 客场* 进球* 射门* 点球* 门将*
        前锋* 后卫* 中场* 世界杯* 欧冠* 英超* 西甲* 意甲* 中超* NBA* CBA* 火箭队* 湖人* 热火*
        姚明* 科比* 詹姆斯* 季后赛* 总决赛* 常规赛* 全明星* 篮板* 助攻* 三分球* 奥运* 奥运会*
        金牌* 银牌* 铜牌* 冠军* 亚军* 决赛* 半决赛* 网球* 温网* 法网* 澳网* 乒乓球* 羽毛球* 排球*
        游泳* 田径* 马拉松* 体操* 跳水* 拳击* 赛车* F1* 高尔夫* 裁判* 体育* 运动员* 国足* 夺冠*
        赛季* 皇马* 巴萨* 曼联* 米兰* 转会* 战胜* 击败* 首发* 教头* 替补* 世锦赛* 亚洲杯* 亚运会*
        刘翔* 李娜* 梅西* C罗* 女排* 男篮*
        """,
    ),
    Topic(
        "17000000",
        "weather",
        """
        anticyclone* barometer* blizzard* breeze* breezy* celsius* chilly* cloudburst* cloudy*
        cold-front* degrees dew* downpour* drizzle* drought* dry fahrenheit* fog* foggy*
        forecast* forecaster* freezing* frost* frosty* gale* gust* hail* hailstone* heatwave*
        heavy-rain* humid* humidity* icy* lightning* meteorological* meteorologist* mild mist*
        misty* monsoon* overcast* precipitation* rain* rainfall* rainy* rainstorm* shower* sleet*
        snow* snowfall* snowstorm* snowy* storm* stormy* sunny* sunshine* temperature* thaw*
        thermometer* thunder* thunderstorm* warmest* weather* wind* windy* wintry*
        """,
        """
        天气* 天气预报* 气温* 降温* 升温* 高温* 低温* 寒潮* 冷空气* 降雨* 暴雨* 大雨* 小雨* 阵雨*
        雷阵雨* 雷电* 降雪* 暴雪* 大雪* 大风* 沙尘暴* 沙尘* 大雾* 冰雹* 霜冻* 干旱* 气象* 气象台*
        中央气象台* 预警信号* 蓝色预警* 黄色预警* 橙色预警* 晴天* 多云* 阴天* 毫米* 摄氏度* 湿度*
        梅雨* 热带风暴* 回暖*
        """,
    ),
)
