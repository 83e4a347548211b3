//! Messages, modals and responses as a person sees them: what tests read and press. Leaves what happens on a press to `member`
//! and `interacting`.

use serde_json::Value;

use crate::world::{EPHEMERAL, SUPPRESS_EMBEDS, World};

/// One thing in a row below a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A button that opens a page.
    Link {
        /// What is written on it, with its emoji.
        label: String,
        /// Where it leads.
        url: String,
        /// It can be pressed.
        enabled: bool,
    },
    /// A button that tells the bot.
    Button {
        /// What is written on it, with its emoji.
        label: String,
        /// What the bot gets.
        custom_id: String,
        /// 1 primary, 2 secondary, 3 success, 4 danger.
        style: u64,
        /// It can be pressed.
        enabled: bool,
    },
    /// A menu of strings.
    Select {
        /// What stands in it while nothing is chosen.
        placeholder: String,
        /// What the bot gets.
        custom_id: String,
        /// Label and value of each.
        options: Vec<(String, String)>,
        /// It can be opened.
        enabled: bool,
    },
}

impl Piece {
    fn of(component: &Value) -> Self {
        let text = |field: &str| component[field].as_str().unwrap_or_default().to_owned();
        let enabled = component["disabled"] != Value::Bool(true);
        match component["type"].as_u64() {
            Some(2) if component["style"] == 5 => Self::Link { label: label(component), url: text("url"), enabled },
            Some(2) => {
                let style = component["style"].as_u64().unwrap_or(0);
                Self::Button { label: label(component), custom_id: text("custom_id"), style, enabled }
            }
            _ => {
                let options = component["options"].as_array().into_iter().flatten();
                let options = options.map(|option| (label(option), option["value"].as_str().unwrap_or_default().to_owned()));
                Self::Select {
                    placeholder: text("placeholder"),
                    custom_id: text("custom_id"),
                    options: options.collect(),
                    enabled,
                }
            }
        }
    }

    /// As a line of text shows it.
    pub fn shown(&self) -> String {
        let (inside, enabled) = match self {
            Self::Link { label, url, enabled } => (format!("{label} ↗ {url}"), enabled),
            Self::Button { label, enabled, .. } => (label.clone(), enabled),
            Self::Select { placeholder, options, enabled, .. } => {
                let labels: Vec<&str> = options.iter().map(|(label, _)| label.as_str()).collect();
                (format!("{placeholder} ▾ {}", labels.join(" | ")), enabled)
            }
        };
        if *enabled { format!("[{inside}]") } else { format!("({inside})") }
    }
}

fn label(component: &Value) -> String {
    let words = component["label"].as_str().unwrap_or_default();
    match component["emoji"]["name"].as_str() {
        Some(emoji) => format!("{emoji} {words}").trim_end().to_owned(),
        None => words.to_owned(),
    }
}

/// A message as people see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its snowflake.
    pub id: u64,
    /// Where it stands.
    pub channel: u64,
    /// Who wrote it, by name.
    pub author: String,
    /// Who wrote it.
    pub author_id: u64,
    /// Its text, with names for ids.
    pub text: String,
    /// The whole object.
    pub raw: Value,
    /// Links in it show no previews.
    pub embeds_suppressed: bool,
    /// Only one person sees it.
    pub ephemeral: bool,
    /// That person.
    pub owner: Option<u64>,
    /// The message it answers.
    pub reply_to: Option<u64>,
    /// Who wrote that, by name.
    pub reply_name: Option<String>,
    /// It was edited.
    pub edited: bool,
    /// Buttons, links and menus.
    pub rows: Vec<Vec<Piece>>,
    pub(crate) interaction: Option<u64>,
}

impl Seen {
    /// What is on the screen.
    pub fn shown(&self) -> String {
        let mut lines = Vec::new();
        if let Some(name) = &self.reply_name {
            lines.push(format!("↩ {name}:"));
        }
        if self.ephemeral {
            lines.push("（あなただけに見えています）".to_owned());
        }
        lines.push(self.body());
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// Text, embeds, files and rows.
    pub(crate) fn body(&self) -> String {
        let mut lines = Vec::new();
        if !self.text.is_empty() {
            lines.push(self.text.clone());
        }
        for embed in self.raw["embeds"].as_array().into_iter().flatten() {
            let parts = [&embed["title"], &embed["description"]].map(|part| part.as_str().unwrap_or_default());
            let fields = embed["fields"].as_array().into_iter().flatten();
            let fields = fields
                .map(|field| format!("{}: {}", field["name"].as_str().unwrap_or(""), field["value"].as_str().unwrap_or("")));
            let whole: Vec<String> = parts.map(str::to_owned).into_iter().chain(fields).filter(|part| !part.is_empty()).collect();
            lines.extend(whole.join("\n").lines().map(|line| format!("▌ {line}")));
        }
        for file in self.raw["attachments"].as_array().into_iter().flatten() {
            lines.push(format!("📎 {}", file["filename"].as_str().unwrap_or_default()));
        }
        for row in &self.rows {
            lines.push(row.iter().map(Piece::shown).collect::<Vec<_>>().join(" "));
        }
        lines.join("\n")
    }

    /// Every piece of every row.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.rows.iter().flatten()
    }

    /// The labels of the buttons that tell the bot, in order.
    pub fn buttons(&self) -> Vec<String> {
        let label = |piece: &Piece| match piece {
            Piece::Button { label, .. } => Some(label.clone()),
            _ => None,
        };
        self.pieces().filter_map(label).collect()
    }
}

/// A form the bot opened.
#[derive(Clone, Debug)]
pub struct Modal {
    /// Its heading.
    pub title: String,
    /// What the bot gets.
    pub custom_id: String,
    /// Label, placeholder, value to begin with, and whether something must be written.
    pub inputs: Vec<(String, String, String, bool)>,
    /// The whole object.
    pub raw: Value,
    pub(crate) interaction: u64,
}

impl Modal {
    pub(crate) fn of(data: &Value, interaction: u64) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let input = |input: &Value| {
            let required = input["required"] != Value::Bool(false);
            (text(&input["label"]), text(&input["placeholder"]), text(&input["value"]), required)
        };
        let inputs = data["components"].as_array().into_iter().flatten().map(|row| input(&row["components"][0]));
        Self {
            title: text(&data["title"]),
            custom_id: text(&data["custom_id"]),
            inputs: inputs.collect(),
            raw: data.clone(),
            interaction,
        }
    }

    /// What is on the screen.
    pub fn shown(&self) -> String {
        let mut lines = vec![format!("【{}】", self.title)];
        for (label, placeholder, value, required) in &self.inputs {
            let needed = if *required { "*" } else { "" };
            let hint = if value.is_empty() { format!("（{placeholder}）") } else { value.clone() };
            lines.push(format!("{label}{needed}: {hint}"));
        }
        lines.join("\n")
    }
}

/// What a member sees happen after a press or a command.
#[derive(Clone, Debug)]
pub enum Response {
    /// A new message: type 4, or what follows a deferred 5.
    Message(Seen),
    /// The message that was pressed has changed: type 7, or an edit after type 6.
    Updated(Seen),
    /// A form opened.
    Modal(Modal),
    /// Type 6, and nothing more within a second.
    Acknowledged,
    /// No answer within 3 seconds: "This interaction failed".
    Failed,
}

impl Response {
    /// The new message.
    #[track_caller]
    pub fn message(self) -> Seen {
        match self {
            Self::Message(seen) => seen,
            other => panic!("a new message was expected, but the member saw: {}", other.shown()),
        }
    }

    /// The message that changed.
    #[track_caller]
    pub fn updated(self) -> Seen {
        match self {
            Self::Updated(seen) => seen,
            other => panic!("a changed message was expected, but the member saw: {}", other.shown()),
        }
    }

    /// The form.
    #[track_caller]
    pub fn modal(self) -> Modal {
        match self {
            Self::Modal(modal) => modal,
            other => panic!("a form was expected, but the member saw: {}", other.shown()),
        }
    }

    /// In words.
    pub fn shown(&self) -> String {
        match self {
            Self::Message(seen) => seen.shown(),
            Self::Updated(seen) => format!("（書き換え）\n{}", seen.shown()),
            Self::Modal(modal) => modal.shown(),
            Self::Acknowledged => "（何も変わらない）".to_owned(),
            Self::Failed => "インタラクションに失敗しました".to_owned(),
        }
    }

    pub(crate) fn interaction(&self) -> Option<u64> {
        match self {
            Self::Message(seen) | Self::Updated(seen) => seen.interaction,
            Self::Modal(modal) => Some(modal.interaction),
            Self::Acknowledged | Self::Failed => None,
        }
    }
}

impl World {
    /// A message that is there, as people see it.
    pub(crate) fn seen(&self, id: u64) -> Option<Seen> {
        let message = self.messages.get(&id).filter(|message| !message.deleted)?;
        let raw = self.message_json(id, true);
        let rows = raw["components"].as_array().into_iter().flatten();
        let rows = rows.map(|row| row["components"].as_array().into_iter().flatten().map(Piece::of).collect()).collect();
        let reply_name = message.reply_to.map(|to| match self.messages.get(&to) {
            Some(answered) if !answered.deleted => self.author(answered),
            _ => "（削除されたメッセージ）".to_owned(),
        });
        Some(Seen {
            id,
            channel: message.channel,
            author: self.author(message),
            author_id: message.author,
            text: self.readable(&message.content),
            embeds_suppressed: message.flags & SUPPRESS_EMBEDS != 0,
            ephemeral: message.flags & EPHEMERAL != 0,
            owner: message.owner,
            reply_to: message.reply_to,
            reply_name,
            edited: message.edited.is_some(),
            rows,
            interaction: message.interaction,
            raw,
        })
    }

    /// The same, and the test has now seen it in this state.
    pub(crate) fn look(&mut self, id: u64) -> Option<Seen> {
        if let Some(message) = self.messages.get_mut(&id) {
            message.looked = message.revision;
            message.taken = true;
        }
        self.untaken.remove(&id);
        self.seen(id)
    }
}
