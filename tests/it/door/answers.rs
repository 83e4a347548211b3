//! Every way to ask by writing, and every outcome, in both languages: whole conversations as everybody sees them.

use std::time::Duration;

use super::{connect, connected, settings, small};
use standin::Standin;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_of_a_mention_ja() {
    let bot = connected().await;
    let (aoi, sora, mio) = (bot.discord.member("葵"), bot.discord.member("空"), bot.discord.member("澪"));
    bot.ask(&aoi, "資格は必須ですか").await;
    bot.ask(&aoi, "医療情報技師について教えて").await;
    bot.ask(&aoi, "年収はいくら？").await;
    bot.ask(&sora, "今年の試験日程は？").await;
    bot.ask(&sora, "夜勤はありますか？それと、試験の対策は？").await;
    bot.ask(&sora, "").await;
    bot.ask(&mio, "こんにちは").await;
    bot.ask(&mio, "もう死にたい").await;
    let thanks = mio.says(bot.discord.general(), &format!("{} ありがとう！", bot.mention())).await;
    bot.discord.reaction(thanks).await;
    mio.says(bot.discord.general(), &format!("{} 了解です", bot.mention())).await;
    bot.is_silent_in(bot.discord.general()).await;
    insta::assert_snapshot!(bot.discord.transcript());
    assert_eq!(bot.discord.pings(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_of_a_mention_en() {
    let bot = connected().await;
    let (amy, ben, cho) = (bot.discord.member("Amy"), bot.discord.member("Ben"), bot.discord.member("Cho"));
    bot.ask(&amy, "Must I be certified?").await;
    bot.ask(&amy, "certificate valid required").await;
    bot.ask(&amy, "What is the salary?").await;
    bot.ask(&ben, "What is the exam date this year?").await;
    bot.ask(&ben, "Are there night shifts? And which textbook should I read?").await;
    bot.ask(&cho, "hello").await;
    bot.ask(&cho, "I want to kill myself").await;
    let thanks = cho.says(bot.discord.general(), &format!("{} thank you!", bot.mention())).await;
    bot.discord.reaction(thanks).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_messages_ja() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    for text in ["夜勤の有無", "よろしく", "年収はいくら？", "ありがとう"] {
        aoi.dm(text).await;
        bot.discord.next_message(aoi.dm_channel()).await;
    }
    // The same again is answered again: nobody else reads along.
    aoi.dm("夜勤の有無").await;
    bot.discord.next_message(aoi.dm_channel()).await;
    aoi.dm("年収を教えて").await;
    bot.discord.next_message(aoi.dm_channel()).await;
    aoi.dm("資格は必須ですか").await;
    bot.discord.next_message(aoi.dm_channel()).await;
    aoi.dm("もう一つ、夜勤は？").await;
    bot.is_silent_in(aoi.dm_channel()).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_messages_en() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    for text in ["Do you work at night?", "hi", "What is the salary?", "thanks"] {
        amy.dm(text).await;
        bot.discord.next_message(amy.dm_channel()).await;
    }
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_to_an_answer_is_read_with_it() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    aoi.replies(answer.id, "更新は？").await;
    let next = bot.discord.next_message(bot.discord.general()).await;
    assert!(next.text.contains("更新"), "{}", next.shown());
    aoi.replies(answer.id, "違う、そうじゃない").await;
    bot.discord.next_message(bot.discord.general()).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_the_same_while_the_answer_is_on_its_way_is_pointed_at_it() {
    let bot = connected().await;
    bot.discord.rest().delay_all(Duration::from_millis(200));
    let general = bot.discord.general();
    for name in ["葵", "空", "澪"] {
        let asker = bot.discord.member(name);
        asker.says(general, &format!("{} 資格は必須ですか", bot.mention())).await;
    }
    let mut said = Vec::new();
    for _ in 0..3 {
        said.push(bot.discord.next_message(general).await.text);
    }
    assert!(said[0].contains("法律上は必要ありません"), "{}", said[0]);
    assert!(said[1..].iter().all(|text| text.starts_with("すぐ上で答えています")), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_in_reply_to_somebody_answers_their_message_if_it_can_be_read() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    // A message that mentions the bot can be read; it was not answered because it came from a bot's account.
    let relay = bot.discord.member("中継").bot();
    let readable = relay.says(general, &format!("{} 夜勤はありますか", bot.mention())).await;
    sora.replies(readable, &bot.mention()).await;
    let answer = bot.discord.next_message(general).await;
    assert!(answer.text.contains("夜勤のある病院は少なく"), "{}", answer.shown());
    // Any other message cannot; the bot says so.
    let unreadable = aoi.says(general, "資格は必須ですか").await;
    sora.replies(unreadable, &bot.mention()).await;
    bot.discord.next_message(general).await;
    // Own words go before the other's.
    sora.replies(unreadable, &format!("{} 更新は何年ごと？", bot.mention())).await;
    let own = bot.discord.next_message(general).await;
    assert!(own.text.contains("5年ごと"), "{}", own.shown());
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_gets_one_hint_a_day() {
    let bot = connected().await;
    let (aoi, sora, mio) = (bot.discord.member("葵"), bot.discord.member("空"), bot.discord.member("Mio").speaking("en-US"));
    let general = bot.discord.general();
    // The picker offers the bot's role beside the bot.
    aoi.says(general, &format!("<@&{}> 夜勤はある？", bot.discord.bot_role())).await;
    let hint = bot.discord.next_message(general).await;
    aoi.says(general, &format!("<@&{}> 聞こえてる？", bot.discord.bot_role())).await;
    bot.is_silent_in(general).await;
    // A reply with the ping off.
    let answer = bot.ask(&sora, "資格は必須ですか").await;
    sora.replies_without_ping(answer.id, "勉強は？").await;
    bot.discord.next_message(general).await;
    // A reply to an answer that was shared from a private one.
    let private = mio.uses(general, "ask", &[("question", "Do you work at night?")]).await.message();
    let shared = mio.clicks(&private, "Show everyone").await;
    let shared = bot.discord.next_followup(&shared).await;
    mio.replies(shared.id, "and on weekends?").await;
    bot.discord.next_message(general).await;
    // From the hint one can ask.
    let form = aoi.clicks(&hint, "質問する").await.modal();
    aoi.submits(&form, &["夜勤はある？"]).await.message();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_webhooks_roles_and_strangers_to_us_are_not_answered() {
    let discord = Standin::start().await;
    let quiet = discord.add_role("静かに");
    let mut settings = settings(&discord);
    settings.discord.ignored_roles = vec![quiet];
    let bot = connect(discord, &settings, small()).await;
    let general = bot.discord.general();
    let question = format!("{} 資格は必須ですか", bot.mention());
    bot.discord.member("別のボット").bot().says(general, &question).await;
    bot.discord.member("葵").webhook_says(general, &question).await;
    bot.discord.member("空").with_role(quiet).says(general, &question).await;
    bot.discord.member("澪").says(general, "資格は必須ですか").await;
    bot.is_silent_in(general).await;
    assert!(bot.discord.calls().iter().all(|call| !call.path.contains("/messages")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_pinged_whatever_a_question_says() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵").moderator();
    bot.ask(&aoi, &format!("@everyone @here {} <@&{}> 資格は必須ですか", aoi.mention(), bot.discord.guild())).await;
    bot.ask(&aoi, "@everyone は何をするもの？").await;
    assert_eq!(bot.discord.pings(), []);
    let said = bot.discord.transcript();
    let repeated = said.lines().filter(|line| line.starts_with(' ') && line.contains("@everyone")).count();
    assert_eq!(repeated, 0, "a member's words are not repeated:\n{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_answer_is_pointed_at_and_a_second_decline_is_silence() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    let first = bot.ask(&aoi, "資格は必須ですか").await;
    let second = bot.ask(&sora, "資格がないと働けない？").await;
    assert!(second.text.ends_with(&format!("/channels/{}/{general}/{}", bot.discord.guild(), first.id)), "{}", second.text);
    // In another channel it is said.
    let elsewhere = bot.ask_in(bot.discord.help(), &sora, "資格は必須ですか").await;
    assert!(elsewhere.text.contains("法律上は"), "{}", elsewhere.shown());
    // A message that is gone is not pointed at.
    aoi.clicks(&first, "消す").await;
    assert!(bot.discord.message(first.id).is_none());
    let again = bot.ask(&sora, "資格は必須ですか").await;
    assert!(again.text.contains("法律上は"), "{}", again.shown());
    bot.ask(&aoi, "年収はいくら？").await;
    aoi.says(general, &format!("{} ボーナスはいくら？", bot.mention())).await;
    bot.is_silent_in(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_six_questions_a_minute_are_too_many() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    for _ in 0..6 {
        let page = aoi.uses(general, "ask", &[("question", "夜勤はありますか")]).await.message();
        assert!(page.text.contains("電話を受ける"), "{}", page.shown());
    }
    let seventh = aoi.uses(general, "ask", &[("question", "夜勤はありますか")]).await.message();
    assert_eq!(seventh.text, "少し待ってから、もう一度どうぞ。");
    // In public it would be one more message: silence. Others are still answered.
    aoi.says(general, &format!("{} 夜勤はありますか", bot.mention())).await;
    bot.is_silent_in(general).await;
    bot.ask(&bot.discord.member("空"), "夜勤はありますか").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_delivered_twice_is_answered_once() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    bot.ask(&aoi, "資格は必須ですか").await;
    bot.discord.gateway().repeat("MESSAGE_CREATE");
    bot.is_silent_in(bot.discord.general()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_may_be_a_reply_the_answer_stands_alone() {
    const VIEW_AND_SEND: u64 = 1 << 10 | 1 << 11;
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    bot.discord.set_bot_permissions(bot.discord.general(), VIEW_AND_SEND);
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    assert_eq!(answer.reply_to, None);
    // Without the right to speak there is silence, counted with its reason.
    bot.discord.set_bot_permissions(bot.discord.general(), 1 << 10);
    aoi.says(bot.discord.general(), &format!("{} 夜勤はありますか", bot.mention())).await;
    assert!(bot.discord.next_message_or_none(bot.discord.general(), Duration::from_millis(400)).await.is_none());
    assert_eq!(bot.bot.queue.account.counts().refused, 1);
}
