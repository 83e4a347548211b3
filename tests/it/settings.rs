//! Broken settings get one clear sentence.

use medse_bot::settings::Settings;

#[test]
fn broken_settings_are_told_with_their_place_and_a_suggestion() {
    let table = [
        ("langauge = \"ja\"\n", "did you mean `language`?"),
        ("[faq]\nfodler = \"x\"\n", "did you mean `folder`?"),
        ("[answring]\n", "did you mean `answering`?"),
        ("language = \"fr\"\n", "unknown variant `fr`, expected `ja` or `en`"),
        ("language = ja\n", "line 1, column 12"),
        ("[answering]\nanswer_at = \"高い\"\n", "invalid type: string"),
        ("[answering]\nanswer_at = 7\n", "answering.answer_at is 7, but must be between 0 and 1"),
        ("[answering]\nanswer_at = 0.2\noffer_at = 0.4\n", "offer_at must not be above"),
        ("[answering]\nmargin = nan\n", "answering.margin is NaN"),
        ("[journal]\nkeep_days = 0\n", "journal.keep_days is 0, but must be between 1 and 3650"),
        ("[journal]\nkeep_days = 3651\n", "journal.keep_days is 3651"),
        ("[journal]\nkeep_days = \"九十\"\n", "invalid type: string"),
        ("[journal]\nkeep_day = 9\n", "did you mean `keep_days`?"),
    ];
    for (text, expected) in table {
        let error = Settings::parse(text, "config.toml").unwrap_err().to_string();
        assert!(error.starts_with("config.toml: ") && error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn settings_left_out_have_their_defaults() {
    let settings = Settings::parse("[faq]\nfolder = \"よくある質問\"\n", "config.toml").unwrap();
    assert_eq!(settings.faq.folder.unwrap().to_str(), Some("よくある質問"));
    assert_eq!(settings.answering, Settings::default().answering);
}
