//! What `doctor` says to operators, in each language. What it looks at is left to [`crate::discord::doctor`].

use crate::discord::doctor::{Finding, Need, Step};
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
        Finding::Channel(key, name, missing) if missing.is_empty() => {
            if ja { format!("{key} は #{name} で、権限はそろっています。") } else { format!("{key}: #{name}, all permissions are there.") }
        }
        Finding::Channel(key, name, missing) if ja => {
            format!("{key} の #{name} で足りない権限：{}。チャンネルの編集 → 権限で、ボットのロールに許してください。", reasons(missing, lang))
        }
        Finding::Channel(key, name, missing) => {
            format!("{key}: #{name} lacks: {}. Allow them to the bot's role in Edit Channel → Permissions.", reasons(missing, lang))
        }
        Finding::NoChannel(key, id) if ja => format!("{key} の {id} が見つかりません。チャンネルIDと、ボットがそこを見られるかを確かめてください。"),
        Finding::NoChannel(key, id) => format!("{key}: {id} cannot be seen. Check the id, and whether the bot may see the channel."),
        Finding::Home(name) if ja => format!("FAQを管理するサーバーは「{name}」です。"),
        Finding::Home(name) => format!("\"{name}\" is the server that keeps the FAQ."),
        Finding::NoHome(id) if ja => format!("home_guild の {id} に、ボットはいません。サーバーIDを確かめるか、下のリンクで入れてください。"),
        Finding::NoHome(id) => format!("home_guild: the bot is not in {id}. Check the server's id, or add the bot with the link below."),
        Finding::HomeUnset if ja => "サーバーが2つ以上あるのに home_guild がないので、だれもDiscordからFAQを直せず、質問も記録されません。FAQを管理するサーバーのIDを入れてください。".to_owned(),
        Finding::HomeUnset => "There are several servers and no home_guild, so nobody can keep the FAQ from Discord, and no question is recorded. Set it to the id of the server that keeps the FAQ.".to_owned(),
        Finding::NoRole(id) if ja => format!("moderation.roles の {id} というロールは、FAQを管理するサーバーにありません。ロールIDを確かめてください。"),
        Finding::NoRole(id) => format!("moderation.roles: the server that keeps the FAQ has no role {id}. Check the role's id."),
        Finding::Texts(true) if ja => "Message Content Intent はオンで、watched_channels の投稿が読めます。".to_owned(),
        Finding::Texts(true) => "Message Content Intent is on: what is posted in watched_channels can be read.".to_owned(),
        Finding::Texts(false) if ja => "watched_channels がありますが、Message Content Intent がオフなので、ボットは始められません。ポータルの Bot ページでオンにするか、watched_channels を空にしてください。".to_owned(),
        Finding::Texts(false) => "watched_channels is set, but Message Content Intent is off, so the bot cannot start. Turn it on on the portal's Bot page, or empty watched_channels.".to_owned(),
        Finding::Unneeded(intents) if intents.is_empty() => {
            if ja { "使わない特権インテントは、すべてオフです。" } else { "No privileged intent is on that is not used." }.to_owned()
        }
        Finding::Unneeded(intents) if ja => format!("使わない特権インテントがオンです：{}。ポータルの Bot ページでオフにできます。", intents.join("、")),
        Finding::Unneeded(intents) => format!("Privileged intents are on that are not used: {}. They can be turned off on the portal's Bot page.", intents.join(", ")),
        Finding::Invite(url) if ja => format!("招待リンク：{url}"),
        Finding::Invite(url) => format!("Invite link: {url}"),
        Finding::Next(Step::Mend) if ja => "次は：✗ を直して、もう一度 doctor を。".to_owned(),
        Finding::Next(Step::Mend) => "Next: mend what has ✗, and run doctor again.".to_owned(),
        Finding::Next(Step::Invite) if ja => "次は：招待リンクを開いてサーバーに入れ、もう一度 doctor を。".to_owned(),
        Finding::Next(Step::Invite) => "Next: open the invite link to add the bot to a server, and run doctor again.".to_owned(),
        Finding::Next(Step::Start) if ja => "次は：medse-bot run で始めて、サーバーで @ボット に話しかけてください。".to_owned(),
        Finding::Next(Step::Start) => "Next: start it with medse-bot run, and @ the bot in your server.".to_owned(),
    }
}

fn reasons(missing: &[Need], lang: Lang) -> String {
    let reason = |(_, name, ja, en): &Need| if lang == Lang::Ja { format!("{name}（{ja}）") } else { format!("{name} ({en})") };
    missing.iter().map(reason).collect::<Vec<_>>().join(if lang == Lang::Ja { "、" } else { ", " })
}
