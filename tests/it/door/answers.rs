//! Every way to ask, and every outcome, in both languages: whole conversations as everybody sees them.

use super::connected;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mention_answer_ja() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    bot.ask(&aoi, "資格は必須ですか").await;
    insta::assert_snapshot!(bot.discord.transcript());
}
