//! Names in Kendall's notation.

use super::{Line, Servers};
use crate::workload::{Arrivals, Distribution};

/// `A/S/c`, with `/K` where room is limited, `//N` where N clients are all there are, and `+M` where messages leave.
pub(super) fn name(line: &Line) -> String {
    let servers = match line.servers {
        Servers::Count(servers) => servers.to_string(),
        Servers::Unlimited => "∞".to_owned(),
    };
    let arrivals = arrivals(&line.arrivals);
    let batch = if line.batch == super::one() { "" } else { "^X" };
    let service = letter(&line.service);
    let clients = match &line.arrivals {
        Arrivals::Closed { clients, .. } => format!("//{clients}"),
        Arrivals::Poisson { .. }
        | Arrivals::Renewal { .. }
        | Arrivals::Profile(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Listed { .. } => String::new(),
    };
    let places = line
        .places
        .map_or_else(String::new, |places| format!("/{places}"));
    let patience = if line.patience.is_some() { "+M" } else { "" };
    format!("{arrivals}{batch}/{service}/{servers}{places}{clients}{patience}")
}

fn arrivals(arrivals: &Arrivals) -> String {
    match arrivals {
        Arrivals::Poisson { .. } => "M".to_owned(),
        Arrivals::Renewal { gaps } | Arrivals::Closed { think: gaps, .. } => letter_of_gaps(gaps),
        Arrivals::Profile(_) => "M_t".to_owned(),
        Arrivals::Mmpp(_) => "MMPP".to_owned(),
        Arrivals::Listed { .. } => "G".to_owned(),
    }
}

/// That gaps are independent is said in the name where their law is none with a letter of its own.
fn letter_of_gaps(gaps: &Distribution) -> String {
    let letter = letter(gaps);
    if letter == "G" {
        "GI".to_owned()
    } else {
        letter
    }
}

fn letter(law: &Distribution) -> String {
    match law {
        Distribution::Constant { .. } => "D".to_owned(),
        Distribution::Exponential { .. } => "M".to_owned(),
        Distribution::Erlang(erlang) => format!("E{}", erlang.shape()),
        Distribution::Hyperexponential(_) => "H2".to_owned(),
        Distribution::Uniform { .. }
        | Distribution::Triangular { .. }
        | Distribution::Gamma(_)
        | Distribution::Lognormal(_)
        | Distribution::Weibull(_)
        | Distribution::Pareto(_)
        | Distribution::BoundedPareto(_)
        | Distribution::Mixture(_)
        | Distribution::Zipf(_)
        | Distribution::Empirical(_)
        | Distribution::Listed(_) => "G".to_owned(),
    }
}
