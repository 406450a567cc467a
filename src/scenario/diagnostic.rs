//! What is wrong with a scenario, shown at its place: the rule that is broken, and what to write instead.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// A longer remedy goes below the snippet, where it can be read.
const LABEL_MAX: usize = 72;

/// Everything that is wrong with a scenario file and its flags.
#[derive(Clone, Debug)]
pub struct Mistakes {
    sources: Vec<Source>,
    list: Vec<Mistake>,
}

/// A text that places refer to.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The file's path as the user wrote it, or the name of a flag.
    pub(super) name: String,
    pub(super) text: String,
}

/// A place in one of the sources, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) source: usize,
    pub(super) span: Range<usize>,
}

/// One thing that is wrong, or legal but probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) warning: bool,
    pub(super) at: At,
    pub(super) rule: String,
    pub(super) remedy: String,
    /// Another place that has to do with it.
    pub(super) beside: Option<(At, String)>,
    /// The variant in which it shows, if not in the base.
    pub(super) variant: Option<String>,
}

impl At {
    /// Whether the other place lies in this one.
    pub(super) const fn contains(&self, other: &Self) -> bool {
        self.source == other.source
            && self.span.start <= other.span.start
            && other.span.end <= self.span.end
    }
}

impl Mistakes {
    pub(super) fn new(sources: Vec<Source>, mut list: Vec<Mistake>) -> Self {
        list.sort_by_key(|mistake| (mistake.at.source, mistake.at.span.start));
        Self { sources, list }
    }

    /// How many there are; at least one.
    #[allow(
        clippy::len_without_is_empty,
        reason = "there is no such thing as no mistakes"
    )]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Each as one line, in the order of the file: `file:line:column: rule; remedy`.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.list.iter().map(|mistake| mistake.line(&self.sources))
    }

    /// All of them at their places, for a terminal that shows colour or for one that does not.
    pub fn render(&self, color: bool) -> String {
        let shown: Vec<String> = self
            .list
            .iter()
            .map(|mistake| mistake.render(&self.sources, color))
            .collect();
        shown.join("\n\n")
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Mistakes {}

impl Mistake {
    pub(super) fn error(at: At, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            warning: false,
            at,
            rule: rule.into(),
            remedy: remedy.into(),
            beside: None,
            variant: None,
        }
    }

    pub(super) fn warning(at: At, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            warning: true,
            ..Self::error(at, rule, remedy)
        }
    }

    /// The same mistake, whichever variant shows it.
    pub(super) fn same(&self, other: &Self) -> bool {
        (self.warning, &self.at, &self.rule) == (other.warning, &other.at, &other.rule)
    }

    /// `file:line:column: rule; remedy`.
    pub(super) fn line(&self, sources: &[Source]) -> String {
        let Some(source) = sources.get(self.at.source) else {
            return format!("{}; {}", self.rule, self.remedy);
        };
        let before = source
            .text
            .get(..self.at.span.start)
            .unwrap_or(&source.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        format!(
            "{}:{line}:{column}: {}; {}",
            source.name, self.rule, self.remedy
        )
    }

    /// In the manner of rustc: the rule as the title, the remedy at the value.
    pub(super) fn render(&self, sources: &[Source], color: bool) -> String {
        let level = if self.warning {
            Level::WARNING
        } else {
            Level::ERROR
        };
        let (rule, remedy) = (printable(&self.rule), printable(&self.remedy));
        let at_value = remedy.chars().count() <= LABEL_MAX;
        let empty = Source {
            name: String::new(),
            text: String::new(),
        };
        let source = sources.get(self.at.source).unwrap_or(&empty);
        let primary = AnnotationKind::Primary.span(on_one_line(&source.text, &self.at.span));
        let mut snippet = Snippet::source(source.text.as_str())
            .path(source.name.as_str())
            .annotation(if at_value {
                primary.label(remedy.clone())
            } else {
                primary
            });
        if let Some((at, label)) = &self.beside
            && at.source == self.at.source
        {
            let span = on_one_line(&source.text, &at.span);
            snippet =
                snippet.annotation(AnnotationKind::Context.span(span).label(printable(label)));
        }
        let mut shown = level.primary_title(rule).element(snippet);
        if !at_value {
            shown = shown.element(Level::HELP.message(remedy));
        }
        if let Some(variant) = &self.variant {
            shown = shown
                .element(Level::NOTE.message(printable(&format!("in the variant \"{variant}\""))));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[shown])
    }
}

/// The rule and the remedy of a message from below, which has them in one line with a semicolon between.
pub(super) fn sentence<'a>(message: &'a str, otherwise: &'a str) -> (&'a str, &'a str) {
    message.split_once("; ").unwrap_or((message, otherwise))
}

/// What a terminal shows as it is: control characters, which users' texts may hold, are spelt out.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

/// The span cut to its first line and to whole characters: a caret under a page says less than one under a word.
fn on_one_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let line_end = text[start..]
        .find('\n')
        .map_or(text.len(), |offset| start + offset);
    let mut end = span.end.clamp(start, line_end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
