//! Words that tell a name from a word for anybody: roles and kinds (患者, 総合, 転職先), common surnames, what stands around them.
//!
//! How they are looked for is left to `redaction.rs`. To let more questions be stored, add a word to [`GENERIC`]; to let fewer, a surname.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// Surnames common enough to be met without a title, and in hardly any other word. Names that are places, too, are left out.
pub static SURNAMES: LazyLock<Regex> = LazyLock::new(|| {
    let kanji = "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡部|山本|中村|小林|加藤|吉田|山田|佐々木|松本|井上|木村|斎藤|斉藤|齋藤|清水|山崎|阿部|池田|橋本|山下|石井|小川|前田|岡田|藤田|後藤|近藤|村上|遠藤|青木|坂本|太田|藤井|福田|西村|三浦|藤原|松田|岡本|中川|中野|原田|小野|田村|竹内|和田|中山|石田|森田|上野|柴田|酒井|工藤|横山|宮本|内田|高木|安藤|谷口|大野|丸山|今井|河野|藤本|村田|武田|杉山|増田|平野|菅原|久保田|松井|千田|岩崎|桜井|野口|木下|菊地|菊池|佐野|市川|新井|古川|水野|小島|吉川|山内|西田";
    let kana = "サトウ|スズキ|タカハシ|タナカ|イトウ|ワタナベ|ヤマモト|ナカムラ|コバヤシ|カトウ|ヨシダ|ヤマダ|ササキ";
    let latin = "Sato|Satou|Suzuki|Takahashi|Tanaka|Ito|Itou|Watanabe|Yamamoto|Nakamura|Kobayashi|Kato|Katou|Yoshida|Yamada|Sasaki|Matsumoto|Inoue|Kimura";
    Regex::new(&format!(r"{kanji}|(?:^|[^\p{{Katakana}}ー])(?:{kana})(?:[^\p{{Katakana}}ー]|$)|\b(?i:{latin})\b"))
        .expect("a constant expression")
});

/// Words for anybody and anywhere. What is made of nothing else names nobody: 病棟看護師, 民間総合.
const GENERIC: &str = "
有床 無床 婦長 来春 今春 先月 今月 来月 先週 今週 来週 今度 来年度 今年度
皆 方 方々 人 客 母 父 兄 姉 弟 妹 娘 息子 祖父 祖母 叔父 叔母 奥 旦那 主人 本人 家族 子 子供 赤 友人 知人 相手 先方 女 男 女性
男性 大人 若手 新人 中堅 ベテラン 先輩 後輩 同僚 上司 部下 同期 仲間 患者 医者 医師 業者 看護師 看護婦 准看護師 薬剤師 助産師
保健師 技師 技士 臨床工学技士 臨床検査技師 検査技師 放射線技師 診療放射線技師 理学療法士 作業療法士 言語聴覚士 療法士 栄養士
管理栄養士 介護士 介護福祉士 社会福祉士 歯科医 歯科衛生士 衛生士 研修医 専攻医 主治医 担当医 専門医 産業医 開業医 勤務医 医療者
従事者 クラーク 秘書 担当 担当者 責任者 管理者 経営者 利用者 使用者 経験者 未経験者 開発者 設計者 技術者 関係者 応募者 面接官
採用 人事 営業 事務 事務員 職員 社員 派遣 委託 外注 下請け 学生 院生 卒業生 実習生 研修生 新卒 中途 転職者 受付 店員 弁護士
税理士 社労士 保険屋 電気屋 屋 客先 取引先 顧客 部長 課長 社長 院長 副院長 病院長 師長 看護部長 事務長 室長 係長 次長 主任
理事長 店長 教授 学長 校長 会長 病院 医院 医療 院内 院外 病棟 外来 手術 手術室 救急 集中治療 検査 検査科 放射線 放射線科 薬剤
薬剤部 薬局 看護 看護部 医局 医事 医事課 総務 総務課 経理 情報 情報課 情報部 情報室 情報システム システム 企画 開発 運用 保守
導入 現場 部署 部門 会社 企業 法人 学校 大学 大学院 専門学校 高校 高専 内科 外科 整形外科 小児科 小児 産婦人科 産科 婦人科 眼科
耳鼻科 耳鼻咽喉科 皮膚科 泌尿器科 精神科 精神 神経 脳神経 循環器 心臓 血管 呼吸器 消化器 形成 麻酔科 歯科 口腔 総合 診療 診療科
動物 美容 透析 健診 人間ドック 国立 公立 私立 市立 県立 都立 府立 道立 町立 市民 県 市 町 村 民間 個人 経営 中小 大 中 小 大手
大型 大規模 中規模 小規模 規模 地域 地方 地元 都市 都会 都心 首都圏 関東 関西 田舎 近所 近隣 郊外 急性期 慢性期 回復期 療養
療養型 長期 専門 単科 一般 基幹 拠点 災害 特定機能 中核 支援 連携 附属 付属 関連 系列 グループ チェーン がん リハビリ
リハビリテーション ホスピス 老人 介護 日本 国内 海外 外国 外資 外資系 全国 別 他 他の 各 同 全 某 当 自 複数 有名 無名 特定 普通
多数 多く 一部 殆 全部 両方 片方 以外 以前 最近 現在 今 前 元 新 旧 次 昔 毎日 今日 昨日 明日 先日 来年 今年 去年 午前 午後 夜間
夜勤 休日 週末 第一 第二 第三 志望 第一志望 希望 候補 転職 転職先 就職 就職先 勤務 勤務先 在籍 出身 卒業 卒 進学 実習 実習先
紹介 見学 訪問 面接 応募 内定 経験 未経験 入社 退職 私 僕 俺 自分 弊 御 貴 我々 我が家 例 例え 何 何処 誰 数 床 全床 床規模
床以上 以上 以下 程度 未満 赤字 黒字 倒産 ブラック ホワイト 優良 上場 非上場 理系 文系 情報系 医療系 医学系 工学系 工業 工科
理工 薬科 商業 医学部 工学部 看護学部 情報学部 薬学部 通信制 夜間制 短期 年制 名門 難関 一流 普通科 公的 準公的 半官半民
独立行政 独立行政法人 行政 自治体 公務員 厚生労働 電子 電子カルテ カルテ 紙カルテ ベンダー ベンダ メーカー メーカ ナース
ドクター エンジニア システムエンジニア ユーザー ユーザ スタッフ オペレーター オペレータ ヘルパー ヘルプデスク ケアマネ
ケアマネージャー ケアマネジャー プログラマー プログラマ コンサル コンサルタント マネージャー マネジャー リーダー クライアント
ディーラー サポート パート バイト アルバイト パートナー ソーシャルワーカー クリニック センター ボット ネットワーク サーバー
サーバ パソコン インフラ セキュリティ ワトソン お 的 系 先 側 内 外 型 制 年 員 者 長 課 部 科 室 係 所 設立 運営 勤め 所属 直営
親 持株 非営利 営利 公益 社団 財団 医療法人 株式 株式会社 有限 経由 形態 組織 理事 化 名 向け 版 間 用 全体 同士 中心 等 勢 辺
比較 違い 種別 種類 出 生 入試 受験 時代 在学 中退 在学中 教員 講師 非常勤 常勤 専任";

/// Whether a word stands in one of the lists.
pub fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// Whether a run of kanji, katakana, Latin letters and digits is made of words for anybody. Two words of one kanji never stand side by
/// side: 大内, 今村 are names.
pub fn is_generic(run: &str) -> bool {
    static WORDS: LazyLock<HashSet<Vec<char>>> = LazyLock::new(|| {
        let words = GENERIC.split_whitespace().chain(ABBREVIATIONS.split_whitespace());
        words.map(|word| word.chars().collect()).collect()
    });
    let is_number = |c: &char| c.is_ascii_digit() || "・〇一二三四五六七八九十百千数".contains(*c);
    let run: Vec<char> = run.to_uppercase().chars().collect();
    // Whether a longer word, or one of a single character, may end there; none is longer than twelve.
    let mut ends = vec![(true, false)];
    for end in 1..=run.len() {
        let mut here = (false, false);
        for begin in end.saturating_sub(12)..end {
            let (Some(word), Some(&(after_long, after_single))) = (run.get(begin..end), ends.get(begin)) else { continue };
            let is_single = word.len() == 1 && !word.iter().all(|c| is_number(c) || c.is_ascii());
            let is_known = WORDS.contains(word) || word.iter().all(is_number);
            here.0 |= is_known && !is_single && (after_long || after_single);
            here.1 |= is_known && is_single && after_long;
        }
        ends.push(here);
    }
    ends.last().is_some_and(|&(long, single)| long || single)
}

/// Roles and kinds in Latin letters; a single letter (A病院) hides a name already.
pub const ABBREVIATIONS: &str = "
SE PG PM PL PMO IT ICT DX HR CE ME MR MS OT PT ST NS DR SIER CIO CTO ICU EHR EMR HIS PACS RIS LIS DPC WEB AI A B C D E F G H I J
K L M N O P Q R S T U V W X Y Z";

/// Roles spelt in hiragana, and words that only look like a title: たくさん.
pub const SPELT_ROLES: &str = "
じい ばあ おっ みな たく おかあ おとう おにい おねえ おばあ おじい おば おじ おく あか かあ とう おきゃく おきゃくさま おいしゃ いしゃ かんごし
かんじゃ ぎょうしゃ むすこ むすめ うけつけ おつかれ つかれ 疲れ くろう おかげ れ れっき おまわり";

/// 同様, 多様, 王様: what 様 makes a word with that names nobody.
pub const BEFORE_MANNER: &str = "
苦労 多 一 有 異 各 別 文 両 今 左 神 王 何 貴 殿 仏 多種多 外";

/// The last characters of verbs before くんです.
pub const VERBS: &str =
    "聞行書働続届置引開動着泣歩驚招導築描除抜解説頂叩磨剥焼響省沸咲輝付効効空浮傾抱吐就履履敷向退巻嘆急稼乾弾拭";

/// Hiragana alone before 先生.
pub const JOINING: &str = "
かかりつけの えらい その この あの どの みんなの こんな そんな あんな どんな どういう そういう いい よい こわい わかい ほかの いろんな
いつもの うちの たくさんの もう";

/// One kanji that a title stands after and that is no name: 皆さん, 赤ちゃん.
pub const SINGLE: &str = "皆客母父兄姉弟妹娘奥赤屋嫁婿孫";

/// What hiragana before 病院 ends with when it is no name.
pub const PARTICLE_OR_INFLECTION: &str = "のいるたなやとはがもでにをかてらけへうくむすぬぶつばだおど";

/// Kinds spelt in hiragana.
pub const SPELT_KINDS: &str = "
もし がん こども ろうじん いきなり つまり やはり";

/// What follows 株式会社 when its name does not.
pub const AFTER_A_KIND: &str = "とのにはがをでもやへかなじだっよらと";

/// Capital words before "hospital", "university" and the like, and after "I am", that name nobody.
pub const ENGLISH_GENERIC: &str = "
in-house would could will did has have may might must shall am was were but so then after before like with without on as by there here
a an the any some which what is are do does in at of for my our your their his her this that these those every each all most
many other another one no not can should why how when where who if and or from to vs between large small big mid-sized medium
good bad best new old local regional rural urban general public private national municipal prefectural city community teaching
university college academic acute acute-care care children's women's children women people's psychiatric mental dental animal
specialist specialty cancer rehabilitation emergency japanese japan american chinese korean indian vietnamese filipino british
german french foreign foreigner medical health healthcare it hospital inside within about near leave leaving working
new-graduate today's tomorrow's someone's technical nursing online first";
