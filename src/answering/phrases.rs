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

    /// The sentence with each `{}` replaced by the next of these.
    pub fn with(&self, lang: Lang, values: &[&str]) -> String {
        let mut pieces = self.get(lang).split("{}");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.zip(values).fold(first, |said, (piece, value)| said + value + piece)
    }
}

macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident: $ja:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Phrase = Phrase { ja: $ja, en: $en };)*

        /// Every sentence by its name, for whoever wants to see them all.
        pub const ALL: &[(&str, Phrase)] = &[$((stringify!($name), $name)),*];
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
    NEARBY: "近い項目：", "Nearby entries:";
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
    NOT_RECORDED: "ボットはこの内容を記録していません。", "The bot kept no record of this.";
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
    /// Chat service: the button that opens the form for a question, and the form's title.
    ASK: "質問する", "Ask";
    /// Above the field of the form.
    ASK_FIELD: "知りたいこと", "What would you like to know?";
    /// In the empty field of the form.
    ASK_EXAMPLE: "例：資格は必要？ 夜勤はある？（名前や患者さんの情報は書かないでください）",
        "e.g. Is a licence needed? (Please leave out names and patient details)";
    /// On the menu of topics.
    PICK_TOPIC: "話題を選ぶ", "Pick a topic";
    /// On the menu of a topic's questions.
    PICK_QUESTION: "質問を選ぶ", "Pick a question";
    /// Under the questions of a long topic.
    NEXT_PAGE: "つづき", "More";
    /// Back to the topics.
    ALL_TOPICS: "話題の一覧", "All topics";
    /// The asker says that the answer helped.
    SOLVED: "解決した", "Solved";
    /// The asker says that it did not.
    WRONG: "ちがう", "Not this";
    /// Takes the bot's message away.
    DELETE: "消す", "Delete";
    /// None of the choices.
    NONE: "どれもちがう", "None of these";
    /// Opens the form for a question about the answer.
    MORE: "続けて聞く", "Ask more";
    /// Posts a private answer in the channel.
    SHARE: "みんなに見せる", "Show everyone";
    /// Posts the answer in reply to the message it is for.
    POST: "返信として出す", "Post as reply";
    /// Shows the entries worth reading next.
    READ_ON: "あわせて読む", "Related";
    /// The lasting message: heading.
    PANEL_TITLE: "医療系SE よくある質問", "Medical SE: common questions";
    /// The lasting message: text.
    PANEL: "ボタンから聞けます。答えはあなただけに見えます。", "Ask with the button. Only you see the answer.";
    /// To whoever posted the lasting message.
    PANEL_POSTED: "ここに置きました。ピン留めしておくと見つけやすくなります。", "Posted here. Pin it to keep it easy to find.";
    /// Before a copy of an answer that belongs to somebody else.
    NOT_YOURS: "これは別の人への案内です。同じ内容を、あなただけに表示します。",
        "This was for someone else. Here is a copy only you can see.";
    /// Where a message cannot be read.
    WITHHELD: "呼んでくれてありがとうございます。ロールへのメンション、通知オフの返信、ほかの人の投稿は、文面がボットに届きません。ここから聞いてください。",
        "Thanks for the mention. Role mentions, silent replies and other people's posts reach me without their text, so please ask here.";
    /// To somebody who asks many times a minute.
    TOO_FAST: "少し待ってから、もう一度どうぞ。", "One moment, then please try again.";
    /// The same was just answered in the channel; a link follows.
    ABOVE: "すぐ上で答えています → ", "Answered just above → ";
    /// To somebody who wants to take away what belongs to somebody else.
    NOT_YOURS_TO_DELETE: "消せるのは、質問した人・出した人とモデレーターだけです。",
        "Only the one who asked or posted it and moderators can delete this.";
    /// What was chosen after "not this" stands in public now.
    REPLACED: "答えを入れ替えました。", "The answer is replaced.";
    /// Under an answer that somebody showed to everybody: before and after their name.
    SHOWN_BY: "", "Shown by ";
    /// See `SHOWN_BY`.
    SHOWN_BY_END: " さんが出しました", "";
    /// To somebody who asks for an answer to a post of somebody in need.
    CARE_FOR_POST: "この投稿には、FAQよりも人の助けが要るかもしれません。声をかけるときは、次の窓口が使えます。これはあなただけに見えています。",
        "This post may need people rather than a FAQ. If you reach out, these services can help. Only you see this.";
    /// In a decline, where people help: before and after the channel.
    PEOPLE_HELP: "人に聞くなら ", "People can help in ";
    /// See `PEOPLE_HELP`.
    PEOPLE_HELP_END: " へどうぞ。", ".";
    /// Before an answer that only the one who asked for it sees, for somebody else's message.
    FOR_POST: "この投稿には、これが答えになりそうです。まだあなただけに見えています。",
        "This looks like the answer. Only you see it so far.";
    /// No entry is the answer to a message.
    POST_UNSURE: "この投稿に合う項目は、はっきりしませんでした。", "No entry clearly fits this post.";
    /// The private answer now stands in the channel.
    SHOWN: "みんなに見える所に出しました。", "Everyone can see it now.";
    /// Somebody who may not post here asked to.
    CANNOT_POST: "ここには書き込めないので、あなただけに表示しています。", "I can't post here, so only you see this.";
    /// To an admin whose channel the bot may not write in.
    CANNOT_POST_HERE: "ここには書き込めませんでした。ボットの権限を確かめて、もう一度お願いします。",
        "I could not post here. Please check the bot's permissions and try again.";
    /// To a member who may not write here themselves.
    MAY_NOT_WRITE: "ここに書き込めない人の代わりには出せません。", "I can't post here for somebody who may not write here.";
    /// A private answer that is on its way to everybody.
    ON_ITS_WAY: "いま出しています。", "On its way.";
    /// A choice that is no longer in the FAQ.
    ENTRY_GONE: "この項目は今は載っていません。", "This entry is no longer listed.";
    /// A button of another version.
    OLD_BUTTON: "このボタンは古くなりました。もう一度聞いてください。", "This button is out of date. Please ask again.";
    /// After "none of these", and after "not this" where nothing else is near.
    NOTHING_NEARER: "近い項目はほかにありません。言い方を変えると見つかることがあります。",
        "No other entry is near. Asking in other words may find one.";
    /// In a decline: hands the question to the moderators; also the form's title.
    HAND_ON: "FAQ係に届ける", "Pass it on";
    /// Above the field of that form.
    HAND_ON_FIELD: "届ける文（人や職場の分かる言葉は消してください）", "Text to pass on (no names or workplaces)";
    /// The question was handed on.
    PASSED_ON: "届けました。名前は伝わりません。答えが載ったら一度だけお知らせします。取り消しは /privacy からいつでもできます。",
        "Passed on, without your name. I'll tell you once when it is answered. You can take it back with /privacy.";
    /// There was nothing to hand on.
    NOT_PASSED_ON: "文がなかったので、届けていません。", "There was no text, so nothing was passed on.";
    /// Before the answer, to whoever handed the question on.
    TOLD: "お待たせしました。以前の質問の答えがFAQに載りました。", "Thanks for waiting: your question now has an answer.";
    /// What is kept of a member: questions, those with text, days, notices, messages answered. `(s)` goes where the number before it is one.
    KEPT: "あなたについて残っているもの：質問 {}件（文面のあるもの {}件、{}日で消えます）、お知らせ待ち {}件、答えのついた投稿の番号 {}件（1日で消えます）。",
        "Kept about you: {} question(s) ({} with text, for {} day(s)), {} notice(s) pending, {} answered message(s) by number (for a day).";
    /// Nothing is kept of a member.
    NOTHING_KEPT: "あなたについて残っているものはありません。", "Nothing is kept about you.";
    /// Deletes what is kept.
    FORGET: "すべて消す", "Delete all";
    /// It is deleted.
    FORGOTTEN: "消しました。", "Deleted.";
    /// Something that may stand in the channel all the same; a code follows.
    UNSURE_POSTED: "出せたかどうか分かりません。チャンネルを見てください。番号 ", "I can't tell whether it was posted. Please look in the channel. Code ";
    /// Something failed; a code follows.
    ERROR: "うまくいきませんでした。少し待って、もう一度お願いします。番号 ", "Something went wrong. Please try again in a moment. Code ";
    /// To moderators: what was saved is faulty.
    FAQ_FAULTY: "FAQに直すところがあります。直るまで、前の内容で答えます。",
        "There is something to fix in the FAQ. Until then I answer from the last good version.";
    /// The same, at a start.
    FAQ_LEFT_OUT: "FAQに直すところがあります。直るまで、その項目のほかから答えます。",
        "There is something to fix in the FAQ. Until then I answer without those entries.";
    /// After some of the faults.
    FAQ_MORE_FAULTS: "ほかにもあります。medse-bot check で全部見られます。", "There are more; `medse-bot check` shows them all.";
    /// Instead of them.
    FAQ_MENDED: "直りました。今の内容で答えています。", "Fixed. I answer from the current version.";
    /// To somebody who is no moderator; the roles that are needed follow.
    MODERATORS_ONLY: "これはFAQ係のためのものです。必要なロール：{}", "This is for FAQ moderators. It needs one of these roles: {}";
    /// The same, where no role is set.
    MANAGERS_ONLY: "これはFAQ係のためのものです。「サーバー管理」の権限が必要です。", "This is for FAQ moderators. It needs the permission Manage Server.";
    /// In another server than the FAQ's own.
    WRONG_GUILD: "FAQの編集は、このFAQを管理しているサーバーでできます。", "The FAQ is edited in the server that keeps it.";
    /// The bot is in several servers, and nobody said whose FAQ it is.
    NO_HOME: "どのサーバーのFAQかが決まっていません。ボットの運営者が、設定の home_guild に書くと使えます。",
        "It is not set which server keeps this FAQ. The bot's operator can set home_guild.";
    /// The journal is off.
    NEEDS_JOURNAL: "記録（journal）がオフなので、Discord からは編集できません。", "The journal is off, so the FAQ cannot be edited from Discord.";
    /// The FAQ is the copy in the program.
    NEEDS_FOLDER: "このボットは同梱のFAQで答えています。編集するには、運営者が medse-bot init でFAQのフォルダーを作ります。",
        "The bot answers from the FAQ inside the program. To edit it, its operator makes a folder with medse-bot init.";
    /// The FAQ is kept elsewhere.
    KEPT_IN_FILES: "このFAQはファイルで管理されているので（faq.home = \"files\"）、Discord からは変えません。",
        "This FAQ is kept in files (faq.home = \"files\"), so Discord does not change it.";
    /// No entry of that name was chosen.
    NO_SUCH_ENTRY: "その項目が見つかりません。入力中に出る一覧から選んでください。", "There is no such entry. Please choose one of the suggestions.";
    /// No topic of that name was chosen.
    NO_SUCH_TOPIC: "その話題が見つかりません。入力中に出る一覧から選んでください。", "There is no such topic. Please choose one of the suggestions.";
    /// The form's title, for an entry.
    EDIT_FORM: "項目を編集（{}）", "Edit entry ({})";
    /// The form's title, for a new entry.
    ADD_FORM: "新しい項目（{}）", "New entry ({})";
    /// Above the form's fields.
    FIELD_QUESTION: "質問文", "Question";
    /// Above the form's fields.
    FIELD_WORDINGS: "ほかの聞き方（一行に一つ）", "Other wordings, one a line";
    /// Above the form's fields.
    FIELD_ANSWER: "答え", "Answer";
    /// Above the form's fields.
    FIELD_LINKS: "リンク（一行に「名前 | https://…」）", "Links, `title | https://…` a line";
    /// Above the form's fields.
    FIELD_KEYWORDS: "キーワード（一行に一つ）", "Keywords, one a line";
    /// A draft is shown, and the entry above as members will see it.
    NOT_PUBLISHED: "**まだ公開していません。** 上のように表示されます。", "**Not published yet.** Members will see what is shown above.";
    /// A draft that has no page of its own.
    NOT_PUBLISHED_YET: "**まだ公開していません。**", "**Not published yet.**";
    /// The draft takes back a change on which others have built.
    MERGED_BACK: "その後に書かれたことは残し、この変更だけを戻します。", "This takes back that change only; what was written since stays.";
    /// Entries that are not taken back, since others changed them after; their ids follow.
    LEFT_ALONE: "そのあとほかの人が変えたので、戻さない項目：{}", "Changed by others since, so left as they are: {}";
    /// How many entries a draft takes back.
    RESTORES: "{}項目を戻します。", "Takes back {} entries.";
    /// Before the questions that would be answered otherwise; their number.
    MOVED: "答えが変わる質問：{}件", "Questions answered differently: {}";
    /// No question would be answered otherwise.
    NONE_MOVED: "答えが変わる質問はありません。", "No known question would be answered differently.";
    /// What a question is answered with that the FAQ does not answer.
    NOTHING: "答えなし", "nothing";
    /// A question by which an entry must be found.
    MUST: "（must_find）", " (must_find)";
    /// Before warnings.
    NOTICES: "注意：", "Note: ";
    /// Publishes a draft.
    PUBLISH: "公開する", "Publish";
    /// Back to the form.
    BACK: "編集に戻る", "Back to editing";
    /// The form of the other language.
    IN_ENGLISH: "英語も書く", "In English, too";
    /// The form of the other language.
    IN_JAPANESE: "日本語も書く", "In Japanese, too";
    /// Drops a draft.
    DROP: "やめる", "Discard";
    /// A draft was dropped.
    DROPPED: "やめました。FAQは変わっていません。", "Discarded. The FAQ is unchanged.";
    /// A draft that is not there any more.
    NO_DRAFT: "この下書きはもうありません（1日で消えます）。", "This draft is gone (drafts are kept for a day).";
    /// A draft of somebody else.
    NOT_YOUR_DRAFT: "これは別の人の下書きです。", "This draft is somebody else's.";
    /// A draft was published; the entry's question and who.
    PUBLISHED: "公開しました：『{}』（{}）", "Published: “{}” ({})";
    /// The same of an entry that went.
    REMOVED: "外しました：『{}』（{}）", "Removed: “{}” ({})";
    /// The same of several; their number and who.
    RESTORED: "{}項目を戻しました（{}）", "Took back {} entries ({})";
    /// A word was added; the word, the concept, who.
    WORD_ADDED: "同じ意味の言葉にしました：{}（{}）", "Now the same word: {} ({})";
    /// An entry was reviewed; its question and who.
    STILL_RIGHT: "確認しました：『{}』（{}）", "Reviewed: “{}” ({})";
    /// Takes a change back.
    UNDO: "元に戻す", "Undo";
    /// Nothing is left to take back.
    NOTHING_TO_UNDO: "戻すものは、もう残っていません。", "There is nothing left to take back.";
    /// The draft says what is there already.
    NO_CHANGE: "今の内容と同じなので、変えるものがありません。", "This says what is there already.";
    /// The entry is gone.
    EDITED_GONE: "この項目は、今のFAQにはありません。あなたの文は残っています。", "This entry is no longer in the FAQ. Your text is kept.";
    /// The FAQ would have errors, or has; they follow.
    WOULD_BE_FAULTY: "このままでは公開できません。あなたの文は残っています。", "This cannot be published as it is. Your text is kept.";
    /// The file is written in a way that cannot be edited from here.
    CANNOT_EDIT: "このファイルの書き方では、ここから変えられません。ファイルで直してください。あなたの文は残っています。",
        "The file is written in a way that cannot be edited from here. Please edit the file. Your text is kept.";
    /// Somebody else changed the same text; who.
    CONFLICT: "編集中に{}が同じ所を変えました。あなたの文は残っています。違いを見て選んでください。",
        "{} changed the same text meanwhile. Yours is safe. Compare and choose.";
    /// Who changed a text, where nobody knows.
    SOMEBODY: "ほかの人", "Somebody";
    /// Above one's own text.
    MINE: "あなたの文", "Yours";
    /// Above the text as it is now.
    THEIRS: "今の文", "As it is now";
    /// Publishes one's own text in a conflict.
    TAKE_MINE: "自分の文にする", "Use mine";
    /// Entries changed while a way back was looked at; their ids follow.
    CHANGED_SINCE: "見ている間に変わりました（{}）。もう一度選んでください。", "These changed meanwhile ({}). Please choose again.";
    /// A file was saved while it was being written.
    SAVED_MEANWHILE: "ちょうど今、ファイルが保存されました。もう一度「公開する」を押してください。",
        "The file was saved just now. Please press Publish again.";
    /// The file may not be written.
    FILE_READ_ONLY: "ファイルが書き込み禁止なので、公開できません。運営者に伝えてください。あなたの文は残っています。",
        "The file is read-only, so nothing was published. Please tell the operator. Your text is kept.";
    /// The file has other names.
    FILE_LINKED: "ファイルに別の名前（ハードリンク）があり、公開できません。運営者に伝えてください。あなたの文は残っています。",
        "The file has other names (hard links), so nothing was published. Please tell the operator. Your text is kept.";
    /// The file cannot be written; a code follows.
    FILE_UNWRITTEN: "ファイルに書けませんでした。FAQは前のままです。あなたの文は残っています。番号 {}",
        "The file could not be written. The FAQ is as before. Your text is kept. Code {}";
    /// No change yet.
    NO_HISTORY: "まだ変更はありません。", "Nothing was changed yet.";
    /// Above the changes.
    HISTORY: "**変更の履歴**", "**History**";
    /// On the menu of changes.
    PICK_CHANGE: "変更を選ぶ", "Pick a change";
    /// Who changed a file.
    BY_FILE: "ファイル", "file";
    /// Takes back all that somebody did.
    UNDO_BY: "この人の分を戻す", "Undo all of theirs";
    /// Takes back everything since.
    UNDO_TO: "この前まで戻す", "Back to before";
    /// An entry that came.
    CAME: "追加", "added";
    /// An entry that went.
    WENT: "削除", "removed";
    /// An entry that changed.
    BECAME: "変更", "changed";
    /// Opens the inbox.
    OPEN_INBOX: "受信箱を開く", "Open inbox";
    /// Back to the inbox.
    BACK_TO_INBOX: "受信箱へ戻る", "Back to inbox";
    /// Above the questions that are open; their number.
    INBOX: "**未回答 {}件**（多い順）", "**{} unanswered**, most asked first";
    /// No question is open.
    INBOX_EMPTY: "未回答はありません。おつかれさまでした。", "Nothing waiting. Well done.";
    /// After a question: how many people asked, and when last.
    ASKED_BY: "{}人・最後 {}", "{} asked, last {}";
    /// What the FAQ says to it by now.
    NOW_NOTHING: "今は答えなし", "no answer now";
    /// The same; questions follow.
    NOW_OFFERED: "今は候補を出します：{}", "now offers: {}";
    /// The same; a question follows.
    NOW_WRONG: "「ちがう」と言われた答え：{}", "answered, and marked “not this”: {}";
    /// Above other ways in which it was asked.
    OTHER_WAYS: "ほかの聞き方：", "Also asked:";
    /// On the menu of open questions.
    PICK_OPEN: "質問を選ぶ", "Pick a question";
    /// On the menu of entries of which one is meant.
    SAME_AS: "この項目と同じ…", "Same as this entry…";
    /// The question gets an entry.
    NEW_ENTRY: "新しい項目", "New entry";
    /// A word of the question means the same as one that the FAQ knows.
    SAME_WORD: "同じ意味の言葉", "Same word";
    /// The question is not for this FAQ.
    NOT_OURS: "対象外", "Not ours";
    /// The question is open no longer, or its author took it back.
    NO_LONGER_OPEN: "この質問は、もう受信箱にありません。", "This question is no longer in the inbox.";
    /// The form's title: a wording for an entry.
    TEACH_FORM: "言い回しを足す", "Add a wording";
    /// Above its field.
    TEACH_FIELD: "足す聞き方（人や職場の分かる言葉は消す）", "Wording to add (no names or workplaces)";
    /// The form's title: a word.
    WORD_FORM: "同じ意味の言葉", "Same word";
    /// Above its first field.
    WORD_NEW: "新しい言葉", "New word";
    /// Above its second field.
    WORD_KNOWN: "同じ意味の、FAQにある言葉", "Word of the FAQ that means the same";
    /// No concept has the word; it and the new one follow.
    NO_SUCH_WORD: "「{}」は、FAQの言葉の組（vocabulary.yaml の concepts）にありません。ほかの言葉でためしてください。新しい言葉：「{}」",
        "“{}” is in no group of words (concepts of vocabulary.yaml). Please try another one. New word: “{}”";
    /// On the menu that says where a new entry goes; the topic.
    INTO_TOPIC: "話題：{}", "Topic: {}";
    /// Numbers of some days: days, asked, answered, offered, declined, chosen, solved, wrong.
    STATS: "**{}日間**：質問 {}・答えた {}・候補を出した {}・未掲載 {}\n選ばれた {}・解決した {}・ちがう {}",
        "**{} days**: {} asked, {} answered, {} offered, {} not in the FAQ\n{} chosen, {} solved, {} marked wrong";
    /// Above the entries asked for most.
    STATS_MOST: "よく聞かれる項目：", "Asked for most:";
    /// Entries that nobody asked for; their number, and some of them.
    STATS_NEVER: "一度も聞かれていない項目 {}：{} など", "Entries nobody asked for, {}: {} …";
    /// The week: asked, answered, chosen, declined.
    WEEK: "今週：質問 {}・答えた {}・選ばれた {}・未掲載 {}。", "This week: {} asked, {} answered, {} chosen, {} not in the FAQ.";
    /// The question that most people asked in vain; how many.
    WEEK_MOST: "いちばん多い未回答「{}」{}人。", "Most missed: “{}”, {} people.";
    /// How many questions are open.
    WEEK_OPEN: "受信箱に {}件あります。", "{} in the inbox.";
    /// An entry is due for review; its question and when it was last.
    DUE: "確認の時期です：『{}』（{}）", "Time to check: “{}” ({})";
    /// It is still right.
    RIGHT: "まだ正しい", "Still right";
    /// Opens its form.
    EDIT: "編集する", "Edit";
    /// Nothing is wrong with the FAQ; how many entries.
    SOUND: "{}項目：直すところはありません。", "{} entries: nothing to fix.";
    /// What is wrong: errors, warnings, hints.
    FINDINGS: "直す所 {}・注意 {}・提案 {}", "{} to fix, {} to look at, {} hints";
    /// Where the FAQ is kept in files, below a draft.
    AS_PATCH: "このFAQはファイルで管理されています。添付の差分を、ファイルに当ててください。", "This FAQ is kept in files. Apply the attached patch there.";
    /// The FAQ as a file.
    TAKEN_ALONG: "FAQのファイルです。zip をほどいて編集し、もう一度 zip にして `/faq-manage upload` で戻せます。version.txt は消さないでください。",
        "The FAQ's files. Unpack, edit, pack them again and bring them back with `/faq-manage upload`. Please keep version.txt.";
    /// What was brought is no zip.
    NO_ZIP: "zip ファイルではありません。`/faq-manage download` の zip を編集して、zip のまま送ってください。",
        "This is no zip. Please edit the one from `/faq-manage download`, and send it as a zip.";
    /// What was brought has no version.
    NO_VERSION: "version.txt がないか、ここの履歴にない版なので、いつのFAQを編集したものか分かりません。`/faq-manage download` の zip を、version.txt を入れたまま送ってください。",
        "version.txt is missing, or not of this history, so I can't tell which FAQ this was. Please send the zip from `/faq-manage download` with it.";
    /// Two files that were brought have one name.
    FILE_TWICE: "{} という名前のファイルが、zip に二つあります。一つにしてください。", "There are two files named {} in the zip. Please keep one.";
    /// What was brought is too large.
    TOO_LARGE: "大きすぎます。zip は5MBまで、ほどいて20MBまで、一つのファイルは5MBまでです。",
        "Too large: up to 5 MB as a zip, 20 MB unpacked, 5 MB a file.";
    /// A file that was brought is not UTF-8; its name.
    NOT_UTF8: "{} は UTF-8 ではありません。エディターで文字コードを UTF-8 にして保存してください。", "{} is not UTF-8. Please save it as UTF-8.";
    /// A file that was brought is no YAML; its name.
    NO_FAQ: "{} が YAML として読めません。`medse-bot check` で直す所が分かります。", "{} cannot be read as YAML. `medse-bot check` shows where.";
    /// Entries changed there and here; their number.
    MERGE_CONFLICTS: "どちらでも変わった項目 {}（取り込まず、今のままにします。必要なら edit で直してください）：",
        "Changed both there and here: {} (not taken in; they stay as they are, edit them if need be):";
    /// Files that are not taken in.
    MERGE_IGNORED: "取り込まないもの：{}（vocabulary.yaml と新しいファイルは、FAQのフォルダーに置いてください。かっこ { … } で書いた項目は、行に分けてください）",
        "Not taken in: {} (vocabulary.yaml and new files go into the FAQ's folder; write entries in braces on lines)";
    /// What was brought is published; how many entries, and by whom.
    MERGED: "{}項目を取り込みました（{}）", "Took in {} entries ({})";
}
