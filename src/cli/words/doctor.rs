//! What `doctor` says to operators, in each language. What it looks at is left to [`crate::discord::doctor`].

use crate::discord::doctor::{Finding, NEEDED};
use crate::faq::Lang;

/// The finding with its remedy, in one sentence or two.
pub fn finding(finding: &Finding, lang: Lang) -> String {
    let ja = lang == Lang::Ja;
    match finding {
        Finding::Known(name) if ja => format!("トークンは使えます（{name}）。"),
        Finding::Known(name) => format!("The token works ({name})."),
        Finding::Public if ja => "Public Bot がオンなので、だれでも自分のサーバーに入れられます。ポータルの Bot ページでオフにできます（先に Installation の Install Link を None に）。".to_owned(),
        Finding::Public => "Public Bot is on, so anybody can add the bot to their server. Turn it off on the portal's Bot page (set Installation → Install Link to None first).".to_owned(),
        Finding::Owned if ja => "Public Bot はオフです。".to_owned(),
        Finding::Owned => "Public Bot is off.".to_owned(),
        Finding::Endpoint(url) if ja => format!("Interactions Endpoint URL が {url} になっているので、コマンドやボタンが届きません。ポータルの General Information で空にしてください。"),
        Finding::Endpoint(url) => format!("Interactions Endpoint URL is {url}, so commands and buttons do not reach the bot. Empty it on the portal's General Information page."),
        Finding::Starts(left, total) if ja => format!("今日あと {left} 回（{total} 回中）つなぎ直せます。"),
        Finding::Starts(left, total) => format!("{left} of {total} starts are left today."),
        Finding::NoServer if ja => "まだどのサーバーにもいません。下のリンクで入れてください。".to_owned(),
        Finding::NoServer => "The bot is in no server yet. Add it with the link below.".to_owned(),
        Finding::Server(name, missing) if missing.is_empty() => {
            if ja { format!("サーバー「{name}」：権限はそろっています。") } else { format!("Server \"{name}\": all permissions are there.") }
        }
        Finding::Server(name, missing) if ja => {
            format!("サーバー「{name}」で足りない権限：{}。サーバー設定 → ロールで、ボットのロールに足してください。", reasons(missing, lang))
        }
        Finding::Server(name, missing) => {
            format!("Server \"{name}\" lacks: {}. Add them to the bot's role in Server Settings → Roles.", reasons(missing, lang))
        }
        Finding::Channel(key, name) if ja => format!("{key} は #{name} です。"),
        Finding::Channel(key, name) => format!("{key}: #{name}."),
        Finding::NoChannel(key, id) if ja => format!("{key} の {id} が見つかりません。チャンネルIDと、ボットがそこを見られるかを確かめてください。"),
        Finding::NoChannel(key, id) => format!("{key}: {id} cannot be seen. Check the id, and whether the bot may see the channel."),
        Finding::TextsWithheld if ja => "watched_channels がありますが、Message Content Intent がオフなので、ボットは始められません。ポータルの Bot ページでオンにするか、watched_channels を空にしてください。".to_owned(),
        Finding::TextsWithheld => "watched_channels is set, but Message Content Intent is off, so the bot cannot start. Turn it on on the portal's Bot page, or empty watched_channels.".to_owned(),
        Finding::Invite(url) if ja => format!("招待リンク：{url}"),
        Finding::Invite(url) => format!("Invite link: {url}"),
    }
}

fn reasons(missing: &[&str], lang: Lang) -> String {
    let reason = |name: &&str| {
        let (_, _, ja, en) = NEEDED.iter().find(|(_, known, ..)| known == name).expect("missing ones are taken from the list");
        if lang == Lang::Ja { format!("{name}（{ja}）") } else { format!("{name} ({en})") }
    };
    missing.iter().map(reason).collect::<Vec<_>>().join(if lang == Lang::Ja { "、" } else { ", " })
}
