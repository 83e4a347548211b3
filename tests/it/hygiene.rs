//! What is taken out of a message before anybody reads it, which language it is in, and where its sentences end.

use medse_bot::answering::normalize::{normalize, pattern_text};
use medse_bot::answering::question::{MAX_CHARACTERS, clean, language, sentences};
use medse_bot::faq::Lang;

#[test]
fn a_message_is_cleaned_of_all_that_is_not_language() {
    let table = [
        ("<@123456789012345678> 資格は必要？", "資格は必要？"),
        ("<@!1> <@&2> <#3> hello", "hello"),
        ("</ask:123456789> 夜勤は？", "夜勤は？"),
        ("@everyone 院内SEとは", "院内SEとは"),
        ("それ<:hm:123456789012345678>本当？", "それ 本当？"),
        ("<a:party:1>", ""),
        ("<t:1700000000:R> に止まった", "に止まった"),
        ("これ見て https://example.com/?q=a 資格は？", "これ見て   資格は？"),
        ("https://example.com/。PACSとは", "。PACSとは"),
        ("https://example.com/を見て死にたいと思った", "を見て死にたいと思った"),
        ("`PACS`とは", "PACS とは"),
        ("`kill -9` って何", "kill -9  って何"),
        ("```\nlet x = \"死\";\n```\nPACSとは", "PACSとは"),
        ("閉じない ```コード", "閉じない"),
        ("電\u{200b}子\u{2060}カルテ\u{feff}", "電子カルテ"),
        ("\u{202e}evil\u{202c}夜間", "evil夜間"),
        ("a\u{0}b\u{7}c", "a b c"),
        ("一行目\n二行目", "一行目\n二行目"),
        ("か\u{3099}", "か\u{3099}"),
        ("   ", ""),
    ];
    for (raw, expected) in table {
        assert_eq!(clean(raw), expected, "{raw:?}");
    }
}

#[test]
fn a_flood_of_combining_marks_keeps_three() {
    let flood = format!("医{}療", "\u{0301}".repeat(500));
    assert_eq!(clean(&flood), format!("医{}療", "\u{0301}".repeat(3)));
}

#[test]
fn a_message_longer_than_discord_allows_is_cut_at_a_character() {
    assert_eq!(clean(&"病".repeat(MAX_CHARACTERS + 10)).chars().count(), MAX_CHARACTERS);
}

#[test]
fn the_language_is_the_one_the_sentence_is_in() {
    let table = [
        ("医療系SEとは", Some(Lang::Ja)),
        ("PACSって何", Some(Lang::Ja)),
        ("What is 電子カルテ?", Some(Lang::En)),
        ("資格 必要", Some(Lang::Ja)),
        ("PACS 画像", Some(Lang::Ja)),
        ("SE 年収", Some(Lang::Ja)),
        ("ﾊﾟｯｸｽ", Some(Lang::Ja)),
        ("is it hard", Some(Lang::En)),
        ("123 !?", None),
        ("🙏", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(language(text), expected, "{text:?}");
    }
}

#[test]
fn sentences_end_where_people_end_them() {
    let table: [(&str, &[&str]); 7] = [
        ("資格は必要？夜勤はある？", &["資格は必要？", "夜勤はある？"]),
        ("疲れた。辞めたい", &["疲れた。", "辞めたい"]),
        ("本当！？すごい", &["本当！？", "すごい"]),
        ("「無理です。」と言われた。なぜ？", &["「無理です。」", "と言われた。", "なぜ？"]),
        ("Is it v1.5? Yes. Really", &["Is it v1.5?", "Yes.", "Really"]),
        ("一行目\n\n二行目", &["一行目", "二行目"]),
        ("。。。！", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(sentences(text), expected, "{text:?}");
    }
}

#[test]
fn many_spellings_are_one() {
    let table = [
        ("医療系ＳＥ", "医療系SE"),
        ("院内 SE", "院内SE"),
        ("サーバー", "サーバ"),
        ("ﾍﾞﾝﾀﾞｰ", "ベンダー"),
        ("きつーーい", "きつい"),
        ("engineers", "Engineer"),
        ("hospital’s", "hospital"),
        ("on-call", "on call"),
        ("電子カルテ！！！", "電子カルテ"),
        ("working", "work"),
        ("three principles", "3 principle"),
        ("㍿", "株式会社"),
        ("が", "か\u{3099}"),
    ];
    for (one, other) in table {
        assert_eq!(normalize(one).text, normalize(other).text, "{one} and {other}");
    }
    let different = [("カー", "カ"), ("病院", "美容院"), ("bus", "bu")];
    for (one, other) in different {
        assert_ne!(normalize(one).text, normalize(other).text, "{one} and {other}");
    }
}

#[test]
fn a_normalised_word_remembers_how_it_was_written() {
    let written = "ﾍﾞﾝﾀﾞｰのＳＥｓは 24時間？";
    let normalized = normalize(written);
    let quoted = |word: &str| {
        let at = normalized.text.find(word).unwrap();
        written.get(normalized.origin(&(at..at + word.len()))).unwrap()
    };
    assert_eq!(quoted("ベンダ"), "ﾍﾞﾝﾀﾞ");
    assert_eq!(quoted("se"), "ＳＥｓ");
    assert_eq!(quoted("24時間"), "24時間");
}

#[test]
fn patterns_see_words_through_spaces_that_hide_them() {
    assert_eq!(pattern_text("死 に　た い"), "死にたい");
    assert_eq!(pattern_text("ＫＩＬＬ  －９"), "kill -9");
    assert_eq!(pattern_text("I want"), "i want");
}
