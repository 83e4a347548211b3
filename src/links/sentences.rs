//! What is said of a link and what to do: one sentence each, in every language. Which of it is true is left to `visit.rs`.

use super::verdict::{Cause, Verdict};
use crate::faq::{Lang, shortened};

impl Verdict {
    /// What is the matter with the link `url`, in one sentence.
    pub fn message(&self, url: &str, lang: Lang) -> String {
        match (self, lang) {
            (Verdict::Fine, Lang::Ja) => format!("「{url}」は開けます。"),
            (Verdict::Fine, Lang::En) => format!("{url} opens"),
            (Verdict::Moved { to }, Lang::Ja) => format!("「{url}」のページは {to} に移りました。"),
            (Verdict::Moved { to }, Lang::En) => format!("{url} has moved to {to}"),
            (Verdict::Dead(cause), Lang::Ja) => format!("「{url}」は切れています：{}。", cause.name(lang)),
            (Verdict::Dead(cause), Lang::En) => format!("{url} is dead: {}", cause.name(lang)),
            (Verdict::Unreachable(cause), Lang::Ja) => format!("「{url}」を確かめられません：{}。", cause.name(lang)),
            (Verdict::Unreachable(cause), Lang::En) => format!("{url} could not be checked: {}", cause.name(lang)),
        }
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> String {
        match (self, lang) {
            (Verdict::Fine, _) => String::new(),
            (Verdict::Moved { to }, Lang::Ja) => format!("「url: {to}」に書き換えてください。"),
            (Verdict::Moved { to }, Lang::En) => format!("write `url: {to}`"),
            (Verdict::Dead(Cause::NoSuchHost), Lang::Ja) => {
                "つづりを確かめ、なくなったサイトならほかのページにしてください。".into()
            }
            (Verdict::Dead(Cause::NoSuchHost), Lang::En) => "check the spelling; if the site is gone, link another page".into(),
            (Verdict::Dead(_), Lang::Ja) => "ページの今の場所を探して書き換えるか、ほかのページにしてください。".into(),
            (Verdict::Dead(_), Lang::En) => "find where the page is now, or link another".into(),
            (Verdict::Unreachable(Cause::NoNames), Lang::Ja) => {
                "ネットワークにつながっていますか。プロキシー越しには確かめられません。".into()
            }
            (Verdict::Unreachable(Cause::NoNames), Lang::En) => {
                "is there a network? Links cannot be checked through a proxy".into()
            }
            (Verdict::Unreachable(Cause::NotPublic(_)), Lang::Ja) => "だれでも開けるページにしてください。".into(),
            (Verdict::Unreachable(Cause::NotPublic(_)), Lang::En) => "link a page that everybody can open".into(),
            (Verdict::Unreachable(_), Lang::Ja) => "ブラウザーで開くか、あとでもう一度確かめてください。".into(),
            (Verdict::Unreachable(_), Lang::En) => "open it in a browser, or check again later".into(),
        }
    }
}

impl Cause {
    fn name(&self, lang: Lang) -> String {
        match (self, lang) {
            (Cause::Status(status @ (404 | 410)), Lang::Ja) => format!("ページがありません（{status}）"),
            (Cause::Status(status @ (404 | 410)), Lang::En) => format!("there is no such page ({status})"),
            (Cause::Status(429), Lang::Ja) => "サーバーが、いまは尋ねられすぎだと言っています（429）".into(),
            (Cause::Status(429), Lang::En) => "its server says that it is asked too much for now (429)".into(),
            (Cause::Status(status), Lang::Ja) => format!("サーバーの返事は {status} でした"),
            (Cause::Status(status), Lang::En) => format!("the server answered {status}"),
            (Cause::NoSuchHost, Lang::Ja) => "その名前のサーバーはありません".into(),
            (Cause::NoSuchHost, Lang::En) => "there is no server of that name".into(),
            (Cause::NoNames, Lang::Ja) => "ここからはどのサーバーの名前も引けません".into(),
            (Cause::NoNames, Lang::En) => "no server's name is known here".into(),
            (Cause::Timeout, Lang::Ja) => "待っても返事がありません".into(),
            (Cause::Timeout, Lang::En) => "no answer in time".into(),
            (Cause::NoAnswer(detail), Lang::Ja) => format!("つながりません（{}）", shortened(detail)),
            (Cause::NoAnswer(detail), Lang::En) => format!("no connection ({})", shortened(detail)),
            (Cause::Silent, Lang::Ja) => "同じサーバーのほかのリンクに返事がないので、試していません".into(),
            (Cause::Silent, Lang::En) => "not tried, since its server did not answer for other links".into(),
            (Cause::NotPublic(address), Lang::Ja) => format!("公開されていないアドレス（{address}）に行き着きます"),
            (Cause::NotPublic(address), Lang::En) => format!("it leads to an address that is not public ({address})"),
            (Cause::TooManyRedirects, Lang::Ja) => "転送が終わりません".into(),
            (Cause::TooManyRedirects, Lang::En) => "its redirects do not end".into(),
            (Cause::BadAddress(address), Lang::Ja) => {
                format!("ウェブページでないアドレス「{}」に行き着きます", shortened(address))
            }
            (Cause::BadAddress(address), Lang::En) => {
                format!("it leads to `{}`, which is no web page's address", shortened(address))
            }
        }
    }
}
