//! How a screen looks: its width, and colour in one place. Colour is never the only sign of anything:
//! every tone stands on a word that says the same.

use crate::assess::Call;

/// How a screen may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
    /// Everything rather than the first things first.
    pub full: bool,
    /// No sign of the program's own beyond ASCII; names stay as they are written.
    pub ascii: bool,
}

/// Signs that screens draw with, and what stands for each in ASCII: of the same width, for they stand in columns.
const SIGNS: [(char, char); 14] = [
    ('·', '-'),
    ('→', '>'),
    ('…', '~'),
    ('░', '.'),
    ('▒', ':'),
    ('▓', 'o'),
    ('█', '#'),
    ('─', '-'),
    ('│', '|'),
    ('┼', '+'),
    ('└', '+'),
    ('┄', '.'),
    ('┊', ':'),
    ('–', '-'),
];

/// Narrower than this nothing can be laid out; lines are then longer than the terminal.
const LEAST_WIDTH: usize = 60;
/// Below this, columns stand closer and names are broken sooner.
const NARROW: usize = 90;
/// Prose is not read well on longer lines than this.
const MOST_PROSE: usize = 110;

impl Look {
    /// A finished screen, its signs in ASCII where that was asked for.
    #[must_use]
    pub fn signs(self, screen: String) -> String {
        if !self.ascii {
            return screen;
        }
        let plain = |c: char| SIGNS.iter().find(|(sign, _)| *sign == c).map_or(c, |(_, plain)| *plain);
        screen.chars().map(plain).collect()
    }

    /// Columns to lay tables out in.
    pub(super) fn columns(self) -> usize {
        self.width.clamp(LEAST_WIDTH, 400)
    }

    /// Whether columns must stand close together.
    pub(super) fn is_narrow(self) -> bool {
        self.columns() < NARROW
    }

    /// The widest a name may be in the first column before it is broken.
    pub(super) fn names(self) -> usize {
        if self.is_narrow() { 12 } else { 16 }
    }

    /// Columns to set prose in.
    pub(super) fn prose(self) -> usize {
        self.columns().min(MOST_PROSE)
    }

    /// A text in a tone.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        match tone.sgr() {
            Some(code) if self.color && !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// What a text is, for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// A heading, or the answer.
    Strong,
    /// Works, goes on.
    Good,
    /// Needs attention.
    Attention,
    /// Does not work, goes.
    Bad,
    /// Beside the point.
    Faint,
}

impl Tone {
    fn sgr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Good => Some("32"),
            Self::Attention => Some("1;33"),
            Self::Bad => Some("1;31"),
            Self::Faint => Some("2"),
        }
    }

    /// The tone of a call.
    pub(super) fn of(call: Call) -> Self {
        match call {
            Call::Keep | Call::Add => Self::Good,
            Call::Fix | Call::Pilot | Call::Defer | Call::Ask => Self::Attention,
            Call::Merge | Call::Drop | Call::Reject => Self::Bad,
        }
    }
}
