//! What the bot says beside the FAQ's own texts, in each language. A sentence missing in one language does not compile.
//!
//! Voice: です・ます, short, no exclamation marks, no blame. Which sentence is said when is left to `reply.rs` and the shells.

use crate::faq::Lang;

/// A sentence in every language.
pub struct Phrase {
    ja: &'static str,
    en: &'static str,
}

impl Phrase {
    /// The sentence in a language.
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident: $ja:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Phrase = Phrase { ja: $ja, en: $en };)*
    };
}

phrases! {
    /// To a greeting or an empty message.
    GREETING: "こんにちは。医療系SE・院内SEの仕事について、FAQから答えるボットです。ふだんの言葉で聞いてください。",
        "Hi. I answer questions about medical-systems work in Japan from a FAQ. Ask in your own words.";
    /// Before the topics, in a greeting.
    TOPICS: "話題：", "Topics: ";
    /// To thanks, where a reaction is not possible.
    WELCOME: "どういたしまして。", "You're welcome.";
    /// Before two answers.
    TWO_ANSWERS: "2つ質問があったので、順に答えます。", "Two questions, so two answers.";
    /// Before choices.
    OFFER: "どれが近いですか？", "Which is closest?";
    /// Before choices, after "that is not what I meant".
    CORRECTED: "教えてくれてありがとうございます。こちらはどうですか？", "Thanks for telling me. Is it one of these?";
    /// Where the FAQ says nothing.
    DECLINE: "それはまだFAQにありません。", "That isn't in the FAQ yet.";
    /// Before entries that are near, in a decline.
    NEARBY: "近い話題：", "Nearby topics:";
    /// Before the entries worth reading next.
    RELATED: "あわせて読む：", "Related:";
    /// Before the source of an answer.
    SOURCE: "出典：", "Source: ";
    /// Before the date of the last review.
    REVIEWED: "確認 ", "checked ";
    /// Between source and date.
    SEPARATOR: "・", " · ";
    /// Where the answer exists only in the other language.
    ONLY_OTHER_LANGUAGE: "この項目はまだ日本語版がありません。", "This entry exists only in Japanese so far.";
    /// Under a care reply.
    NOT_RECORDED: "この内容は記録していません。", "This was not recorded.";
    /// Terminal: the first line.
    CHAT_WELCOME: "質問を書いて Enter を押してください。終了は Ctrl+D です。", "Type a question and press Enter. Ctrl+D ends.";
    /// Terminal: how to choose.
    CHOOSE: "番号で選べます。", "Choose by number.";
    /// Terminal: before the words of an explanation.
    COUNTED: "数えた言葉：", "Words that counted: ";
    /// Terminal: before words that no entry holds.
    UNKNOWN: "FAQのどこにもない言葉：", "Words the FAQ does not have: ";
    /// Terminal: before words of other topics.
    FOREIGN: "ほかの話題の言葉：", "Words of another topic: ";
    /// Terminal: a number that was not offered.
    NO_SUCH_CHOICE: "その番号はありません。", "There is no such number.";
    /// Terminal: to a nod or a remark.
    NOTHING_ASKED: "（質問ではないようなので、答えずにいます）", "(That doesn't look like a question, so I stay silent.)";
}
