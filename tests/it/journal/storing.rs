//! What may be stored of a question: a table of what is kept and what is not, Japanese and English.

use std::fs;
use std::path::Path;

use medse_bot::journal::redaction::{LONGEST, storable};

#[test]
fn what_names_somebody_is_not_stored() {
    let table = [
        "<@123456789012345678> 院内SEになるには？",
        "@たろう 院内SEってどう？",
        "＠taro 夜勤はある？",
        "https://example.com/a これ見て",
        "hospital.example.jp の求人はどう？",
        "連絡は taro＠example．com まで",
        "電話は090-1234-5678です",
        "０３－１２３４－５６７８に電話していい？",
        "03 1234 5678",
        "社員番号１２３４５です",
        "12-34-56 の番号は何？",
        "2024-04-01に入社しました",
        "年は12345年",
        "コードはA2024です",
        "田中さんは元気？",
        "田中 さんに聞いた",
        "たなかさんに聞いた",
        "隣のタロウくんがうるさい",
        "太郎くんですか？",
        "花子ちゃんと話した",
        "益子様よりご連絡",
        "本多様から電話",
        "緒方氏が言った",
        "大内先生に怒られた",
        "やまだ先生に怒られた",
        "今村さんの部署",
        "仁科看護師さんが優しい",
        "Smith先生はどう思う？",
        "佐藤に怒られた",
        "上司のスズキが怖い",
        "王さんは先輩です",
        "聖路加国際病院の院内SEはどう？",
        "東京都立病院で働きたい",
        "みどり病院は残業が多い？",
        "亀田医療センターの面接",
        "山手クリニックに転職したい",
        "株式会社みらい医療に受かった",
        "メディカル商事株式会社はどう？",
        "（株）ひまわりの評判",
        "医療法人明和会で働いています",
        "京都大学を出ました",
        "情報工学で北里大学に通っています",
        "患者IDは何桁ですか",
        "生年月日を入れ間違えた",
        "８２歳の患者がいて困っています",
        "七十歳の女性の患者の話",
        "私は榊と申します",
        "名前は榊原です",
        "パスワードはabc123です",
        "田\u{200b}中さんは元気？",
        "Mr Tanaka told me to apply",
        "Mr. Jones told me so",
        "Dr. Brown is my boss",
        "My name is Hanako, how do I start?",
        "Kenji-san told me about this",
        "I'm Hanako. Is there night work?",
        "St. Luke's Hospital, is it good?",
        "Is Kameda Medical Center hiring?",
        "I graduated from Kyoto University",
        "the University of Tsukuba has a course",
        "Mirai Systems Inc is my employer",
        "mail me at taro@example.com",
        "call +81 3 1234 567",
        "his MRN was wrong",
        "an 82-year-old patient was lost in the system",
    ];
    for text in table {
        assert_eq!(storable(text), None, "{text}");
    }
}

#[test]
fn what_names_nobody_is_stored_as_it_is() {
    let table = [
        "医療系SEと院内SEの違いは？",
        "皆さんはどうやって転職しましたか",
        "みなさん夜勤はありますか",
        "患者さんと話すことはありますか？",
        "看護師さんと話すのが苦手です",
        "病棟看護師さんとの関係は？",
        "お医者さんは怖いですか",
        "先生に怒られることはある？",
        "病院の先生との付き合い方",
        "若い先生が多い？",
        "業者さんとのやりとりは多い？",
        "ベンダーさんに任せきりで大丈夫？",
        "院内SEさんは何人いますか",
        "担当者さんが辞めた",
        "お客さんは誰ですか",
        "お客様は病院ですか",
        "患者様対応はある？",
        "勉強することがたくさんある",
        "働くんですか？",
        "何を聞くんですか",
        "赤ちゃんがいても働ける？",
        "仕様書は書きますか",
        "働き方は様々ですか",
        "同様の資格はある？",
        "彼氏が院内SEです",
        "大学病院と民間病院はどちらがいい？",
        "総合病院の院内SEになりたい",
        "公立病院は安定？",
        "中小病院のほうが楽？",
        "病院で働くには",
        "２００床の病院だと何人？",
        "転職先の病院はどう選ぶ？",
        "国立大学を出ていないと無理？",
        "大学で何を学ぶべき？",
        "株式会社と医療法人の違いは？",
        "医療法人の情報システム部門とは",
        "クリニックにもSEはいる？",
        "専門学校卒でもなれる？",
        "2024年の医療情報技師の試験はいつ？",
        "2030までにどうなる？",
        "20-30代の転職",
        "１～２年目で辞めるのはあり？",
        "残業は月20時間くらい？",
        "ライトウェイトな電子カルテはある？",
        "10年後もなくならない？",
        "もし病院の電源が落ちたら？",
        "毎日コード書くん？",
        "かかりつけの先生が紙カルテです",
        "でんしカルテのさんげんそく",
        "来春クリニック開業予定です",
        "Would hospital IT people care about a certificate?",
        "HL7 FHIRって何？",
        "A病院とB病院で迷っています",
        "What is PACS?",
        "Do I need a degree from a good university?",
        "Is a university hospital better than a public hospital?",
        "Which hospital is best for beginners?",
        "I'm Japanese and 35 years old, too late?",
        "How many people work in a 400-bed hospital?",
        "Is MS Office enough?",
        "Do doctors shout at engineers?",
        "Was 2024 a good year to start?",
        "Children's hospitals: do they have IT staff?",
        "What does DICOM mean, e.g. for MR images?",
    ];
    for text in table {
        assert_eq!(storable(text).as_deref(), Some(text), "{text}");
    }
}

#[test]
fn whitespace_is_evened_and_length_bounded() {
    let table = [("  夜勤は\n\nある\u{3000}？ ", Some("夜勤は ある ？".to_owned())), (" \u{3000}\n", None), ("", None)];
    for (text, expected) in table {
        assert_eq!(storable(text), expected, "{text:?}");
    }
    assert_eq!(storable(&"夜".repeat(2_000)), Some("夜".repeat(LONGEST)));
    assert_eq!(storable(&format!("{}田中さん", "夜".repeat(1_000))), None, "also where it would be cut off");
}

#[test]
fn hardly_an_ordinary_question_is_lost() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/questions");
    let mut lost = Vec::new();
    let mut questions = 0;
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        for line in fs::read_to_string(file).unwrap().lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let is_about_work = line["accept"].as_array().is_some_and(|accept| !accept.is_empty());
            if let Some(question) = line["question"].as_str().filter(|_| is_about_work) {
                questions += 1;
                lost.extend(storable(question).is_none().then(|| question.to_owned()));
            }
        }
    }
    assert!(lost.len() * 50 <= questions, "{} of {questions}:\n{}", lost.len(), lost.join("\n"));
}
