//! Kendall's notation, read: what a name like `M/G/8/1000` says of a line, and what it leaves open.

use super::Servers;
use crate::units;
use crate::workload::{Arrivals, Distribution};
use std::fmt;

/// `A/S/c`, with `/K` for room, `//N` for clients, `A^X` for batches and `+M` for patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// A: how messages arrive; of clients, how they think.
    pub arrivals: Letter,
    /// Whether they come in batches, `A^X`.
    pub batches: bool,
    /// S: the work they bring.
    pub service: Letter,
    /// c; `None` where it is left open, as `c`.
    pub servers: Option<Servers>,
    /// K, which counts those in service.
    pub places: Option<u64>,
    /// N.
    pub clients: Option<u32>,
    /// Whether messages leave after an exponential time.
    pub patience: bool,
}

/// What a letter says of gaps or of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// M: exponential.
    Exponential,
    /// D: always the same.
    Constant,
    /// Ek: a sum of k equal exponential stages.
    Erlang(u32),
    /// H2: one of two exponentials.
    Hyperexponential,
    /// G, GI: any law.
    General,
    /// MMPP: Poisson, of a rate that changes at random.
    Modulated,
    /// M_t: Poisson, of a rate that changes as given.
    Varying,
}

/// Why a text is no model's name: the rule, and what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}; {remedy}")]
pub struct NotationError {
    /// What is wrong, with the part that is.
    pub rule: String,
    /// What to write instead.
    pub remedy: &'static str,
}

const SHAPE: &str = "write it as in M/M/10, M/G/8/1000 (room for 1,000), M/M/2//10 (10 clients), M/M/5+M (patience) or M^X/M/1";

impl Notation {
    /// Reads `M/M/10`, `M/G/8/1000`, `GI/M/3`, `E2/H2/3`, `M/M/5+M`, `M/M/2//10`, `M/D/∞`, `M^X/M/1`, `M_t/M/c`.
    ///
    /// # Errors
    /// Where a part is no letter or no number, and where there are no servers or less room than servers.
    pub fn parse(text: &str) -> Result<Self, NotationError> {
        let text = text.trim();
        let (line, patience) = match text.split_once('+') {
            None => (text, false),
            Some((line, leaving)) if leaving.trim() == "M" => (line, true),
            Some((_, leaving)) => {
                let rule = format!("patience \"{leaving}\" has no formula");
                return Err(wrong(rule, "write +M: an exponential time"));
            }
        };
        let parts: Vec<&str> = line.split('/').map(str::trim).collect();
        let (arrivals, service, servers, places, clients) = match parts[..] {
            [arrivals, service, servers] => (arrivals, service, servers, "", ""),
            [arrivals, service, servers, places] => (arrivals, service, servers, places, ""),
            [arrivals, service, servers, places, clients] => {
                (arrivals, service, servers, places, clients)
            }
            _ => return Err(wrong(format!("\"{text}\" names no model"), SHAPE)),
        };
        let (arrivals, batches) = match arrivals.split_once('^') {
            None => (arrivals, false),
            Some((arrivals, "X")) => (arrivals, true),
            Some((_, size)) => {
                let rule = format!("batches of \"{size}\" are no part of a name");
                return Err(wrong(
                    rule,
                    "write ^X, and give their law: --batch 'constant(3)'",
                ));
            }
        };
        let found = Self {
            arrivals: Letter::of_arrivals(arrivals)?,
            batches,
            service: Letter::of_service(service)?,
            servers: count_of_servers(servers)?,
            places: number("room", places)?,
            clients: match number("clients", clients)? {
                None => None,
                Some(clients) => Some(u32::try_from(clients).map_err(|_| {
                    wrong(format!("{clients} clients are too many"), "write fewer")
                })?),
            },
            patience,
        };
        found.check_room()?;
        Ok(found)
    }

    fn check_room(&self) -> Result<(), NotationError> {
        if let (Some(Servers::Count(servers)), Some(places)) = (self.servers, self.places)
            && places < servers
        {
            let rule = format!("room for {places} is less than {servers} servers");
            return Err(wrong(
                rule,
                "K counts those in service too: write at least as many",
            ));
        }
        Ok(())
    }
}

impl Letter {
    fn of_arrivals(text: &str) -> Result<Self, NotationError> {
        match text {
            "M_t" | "Mt" | "M(t)" => Ok(Self::Varying),
            "MMPP" => Ok(Self::Modulated),
            _ => Self::of_law(text).ok_or_else(|| {
                let rule = format!("\"{text}\" is no letter for arrivals");
                let remedy = "letters are M (Poisson), D (constant gaps), Ek and H2 (gaps of phases), GI (any law of gaps), MMPP, M_t";
                wrong(rule, remedy)
            }),
        }
    }

    fn of_service(text: &str) -> Result<Self, NotationError> {
        Self::of_law(text).ok_or_else(|| {
            let rule = format!("\"{text}\" is no letter for service");
            wrong(
                rule,
                "letters are M (exponential), D (constant), Ek (Erlang), H2 (hyperexponential), G (any law)",
            )
        })
    }

    fn of_law(text: &str) -> Option<Self> {
        match text {
            "M" => Some(Self::Exponential),
            "D" => Some(Self::Constant),
            "H2" => Some(Self::Hyperexponential),
            "G" | "GI" => Some(Self::General),
            _ => {
                let stages = text.strip_prefix('E')?.parse().ok()?;
                (stages > 0).then_some(Self::Erlang(stages))
            }
        }
    }

    /// Whether a law is one that the letter speaks of.
    pub fn admits(self, law: &Distribution) -> bool {
        match self {
            Self::Exponential => matches!(law, Distribution::Exponential { .. }),
            Self::Constant => law.is_constant(),
            Self::Erlang(stages) => {
                matches!(law, Distribution::Erlang(erlang) if erlang.shape() == stages)
            }
            Self::Hyperexponential => matches!(law, Distribution::Hyperexponential(_)),
            Self::General => true,
            Self::Modulated | Self::Varying => false,
        }
    }

    /// Whether an arrival process is one that the letter speaks of.
    pub fn admits_arrivals(self, arrivals: &Arrivals) -> bool {
        match arrivals {
            Arrivals::Poisson { .. } => {
                matches!(self, Self::Exponential | Self::General | Self::Varying)
            }
            Arrivals::Renewal { gaps } | Arrivals::Closed { think: gaps, .. } => self.admits(gaps),
            Arrivals::Profile(_) => self == Self::Varying,
            Arrivals::Mmpp(_) => self == Self::Modulated,
            Arrivals::Listed { .. } => false,
        }
    }

    /// The law of this letter that a mean alone describes.
    pub fn of_mean(self, mean: f64) -> Option<Distribution> {
        match self {
            Self::Exponential => Distribution::exponential(mean).ok(),
            Self::Constant => Distribution::constant(mean).ok(),
            Self::Erlang(stages) => Distribution::erlang(stages, mean).ok(),
            Self::Hyperexponential | Self::General | Self::Modulated | Self::Varying => None,
        }
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exponential => f.write_str("exponential"),
            Self::Constant => f.write_str("constant"),
            Self::Erlang(stages) => write!(f, "Erlang-{stages}"),
            Self::Hyperexponential => f.write_str("hyperexponential"),
            Self::General => f.write_str("general"),
            Self::Modulated => f.write_str("Markov-modulated"),
            Self::Varying => f.write_str("time-varying"),
        }
    }
}

fn count_of_servers(text: &str) -> Result<Option<Servers>, NotationError> {
    match text {
        "c" => return Ok(None),
        "∞" | "inf" | "infinity" => return Ok(Some(Servers::Unlimited)),
        _ => {}
    }
    match number("servers", text)? {
        Some(0) => Err(wrong(
            "there are 0 servers".to_owned(),
            "a line needs at least one",
        )),
        Some(servers) => Ok(Some(Servers::Count(servers))),
        None => Err(wrong("the number of servers is missing".to_owned(), SHAPE)),
    }
}

/// Nothing where nothing or `∞` is written.
fn number(what: &str, text: &str) -> Result<Option<u64>, NotationError> {
    if matches!(text, "" | "∞" | "inf") {
        return Ok(None);
    }
    let read = units::parse_count(text);
    read.map(Some)
        .map_err(|_| wrong(format!("{what} \"{text}\" is no number"), SHAPE))
}

fn wrong(rule: String, remedy: &'static str) -> NotationError {
    NotationError { rule, remedy }
}
