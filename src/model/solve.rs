//! From a line to its model: exact before approximate, closed before numerical.

use super::heavy::HeavyTailed;
use super::{Answer, Basis, Line, Servers, Solution, Unsolved};
use crate::theory::{
    BatchMmc, ErlangA, ErlangLoss, FinitePopulation, Ggc, GiMc, Law, MapPhC, MapPhCK, Mdc, Mg1,
    MgInf, Mgc, MgcK, Mmc, MmcK, ModelError,
};
use crate::workload::{Arrivals, Distribution};

/// Batches of more messages are not counted out.
const BATCH_MAX: usize = 10_000;
/// Larger batches as rare as this are counted with the largest that is not.
const NEGLIGIBLE: f64 = 1e-15;

/// A line in overload is nearly as long as its room; each look at its wait costs some 17 √room steps.
const OVERLOADED_ROOM_MAX: u64 = 1_000_000_000;
const NO_VARIANCE: &str = "there are several servers, and the variance of service, by which approximations go, is infinite";

type Found = Result<(Box<dyn Answer>, Basis), Unsolved>;

pub(super) fn solve(line: &Line) -> Result<Solution, Unsolved> {
    let (answer, basis) = model(line)?;
    Ok(Solution {
        name: line.name(),
        basis,
        answer,
        classes: Vec::new(),
    })
}

fn model(line: &Line) -> Found {
    if let Arrivals::Closed { clients, think } = &line.arrivals {
        return closed(line, u64::from(*clients), think);
    }
    if let (
        Arrivals::Renewal {
            gaps: Distribution::Listed(_),
        },
        _,
    )
    | (_, Distribution::Listed(_)) = (&line.arrivals, &line.service)
    {
        return no_model("values of a list come in its order, so that they are not independent");
    }
    if line.batch != super::one() {
        return batches(line);
    }
    match line.servers {
        Servers::Unlimited => unlimited(line),
        Servers::Count(servers) => match (line.places, line.patience) {
            (Some(places), None) => limited(line, servers, places),
            (None, Some(patience)) => impatient(line, servers, patience),
            (None, None) => open(line, servers),
            (Some(_), Some(_)) => no_model("room is limited and messages leave"),
        },
    }
}

/// No limit, and all stay.
fn open(line: &Line, servers: u64) -> Found {
    if servers == 0 {
        return Err(ModelError::parameter("servers", 0.0, "must be at least 1").into());
    }
    if let Some(rate) = line.arrivals.poisson_rate() {
        return poisson(rate, line, servers);
    }
    match &line.arrivals {
        Arrivals::Renewal { gaps } => renewal(gaps, line, servers),
        Arrivals::Poisson { .. } | Arrivals::Mmpp(_) => match phases(line, servers) {
            Some(found) => found,
            None => no_model("rates change at random, and service is no phase-type law"),
        },
        Arrivals::Profile(_) => {
            no_model("the rate changes over time, so that there is no long run")
        }
        Arrivals::Listed { .. } => no_model("arrivals are a list"),
        Arrivals::Closed { .. } => no_model("clients wait for their answers"),
    }
}

fn poisson(rate: f64, line: &Line, servers: u64) -> Found {
    let service = &line.service;
    let mean = service.mean();
    if let Distribution::Exponential { .. } = service {
        return exact(Mmc::new(rate, mean.recip(), servers)?);
    }
    if servers == 1 {
        return exact(Mg1::new(rate, service.clone())?);
    }
    if let Distribution::Constant { value } = service
        && let Ok(model) = Mdc::new(rate, *value, servers)
    {
        return exact(model);
    }
    if let Some(found) = phases(line, servers) {
        return found;
    }
    if let Some(model) = HeavyTailed::of(rate, service, servers)? {
        return exact(model);
    }
    if service.scv().is_infinite() {
        return no_model(NO_VARIANCE);
    }
    let model = Mgc::new(rate, mean.recip(), service.scv(), servers)?;
    approximate(model.error(), model)
}

fn renewal(gaps: &Distribution, line: &Line, servers: u64) -> Found {
    let mean = line.service.mean();
    if let Distribution::Exponential { .. } = line.service {
        return exact(GiMc::new(gaps, mean.recip(), servers)?);
    }
    if let Some(found) = phases(line, servers) {
        return found;
    }
    let rate = gaps.mean().recip();
    if let Some(model) = HeavyTailed::of(rate, &line.service, servers)? {
        return exact(model);
    }
    if gaps.scv().is_infinite() {
        return no_model("the variance of gaps is infinite, and service is not exponential");
    }
    if line.service.scv().is_infinite() {
        return no_model(NO_VARIANCE);
    }
    let model = Ggc::new(rate, gaps.scv(), mean.recip(), line.service.scv(), servers)?;
    approximate(model.error(), model)
}

/// MAP/PH/c, and with limited room MAP/PH/c/K, where both laws are made of exponential phases and there are not too
/// many states.
fn phases(line: &Line, servers: u64) -> Option<Found> {
    let (arrivals, service) = (line.arrivals.markovian()?, line.service.phases()?);
    let found = match line.places {
        None => MapPhC::new(&arrivals, &service, servers).map(exact),
        Some(places) => MapPhCK::new(&arrivals, &service, servers, places).map(exact),
    };
    match found {
        Ok(found) => Some(found),
        Err(ModelError::Parameter { .. }) => None,
        Err(
            error @ (ModelError::ArrivalRate(_)
            | ModelError::ServiceRate(_)
            | ModelError::Unstable { .. }),
        ) => Some(Err(error.into())),
    }
}

fn limited(line: &Line, servers: u64, places: u64) -> Found {
    let service_rate = line.service.mean().recip();
    let is_overloaded = |rate: f64| rate >= servers as f64 * service_rate;
    if line.arrivals.poisson_rate().is_some_and(is_overloaded)
        && places.saturating_sub(servers) > OVERLOADED_ROOM_MAX
    {
        return no_model(
            "room is so large, and more arrives than is served, that the line cannot be counted out",
        );
    }
    if let Some(rate) = line.arrivals.poisson_rate() {
        if let Distribution::Exponential { .. } = line.service {
            return exact(MmcK::new(rate, service_rate, servers, places)?);
        }
        if places == servers {
            // Erlang B holds for service times of any law.
            return exact(ErlangLoss::new(rate, service_rate, servers)?);
        }
    }
    if places >= servers
        && let Some(found) = phases(line, servers)
    {
        return found;
    }
    let Some(rate) = line.arrivals.poisson_rate() else {
        return no_model(
            "room is limited, arrivals are not Poisson, and there are too many states, or laws that are not made of \
             exponential phases",
        );
    };
    let scv = line.service.scv();
    if scv.is_infinite() {
        return no_model("room is limited, and the variance of service is infinite");
    }
    let model = MgcK::new(rate, service_rate, scv, servers, places)?;
    approximate(model.error(), model)
}

fn impatient(line: &Line, servers: u64, patience: f64) -> Found {
    match (line.arrivals.poisson_rate(), &line.service) {
        (Some(rate), Distribution::Exponential { mean }) => {
            exact(ErlangA::new(rate, mean.recip(), servers, patience.recip())?)
        }
        (None, _) => no_model("messages leave, and arrivals are not Poisson"),
        (Some(_), _) => no_model("messages leave, and service is not exponential"),
    }
}

fn closed(line: &Line, clients: u64, think: &Distribution) -> Found {
    let Servers::Count(servers) = line.servers else {
        return no_model("clients wait for their answers, and nobody waits for a server");
    };
    if line.batch != super::one() || line.places.is_some() || line.patience.is_some() {
        return no_model(
            "clients wait for their answers, and messages come in batches, find no room or leave",
        );
    }
    match (think, &line.service) {
        (Distribution::Exponential { mean: think }, Distribution::Exponential { mean }) => exact(
            FinitePopulation::new(think.recip(), mean.recip(), servers, clients)?,
        ),
        _ => no_model("clients wait for their answers, and thinking or service is not exponential"),
    }
}

/// A server for each message; where there are only so many places, only so many are ever busy.
fn unlimited(line: &Line) -> Found {
    if let Some(places) = line.places {
        return limited(line, places, places);
    }
    match line.arrivals.poisson_rate() {
        Some(rate) => exact(MgInf::new(rate, line.service.mean().recip())?),
        None => no_model("nobody waits, and arrivals are not Poisson"),
    }
}

fn batches(line: &Line) -> Found {
    let Some(rate) = line.arrivals.poisson_rate() else {
        return no_model("messages come in batches, and the batches are not Poisson");
    };
    let Servers::Count(servers) = line.servers else {
        return no_model("messages come in batches, and nobody waits for a server");
    };
    let (Distribution::Exponential { mean }, None, None) =
        (&line.service, line.places, line.patience)
    else {
        return no_model(
            "messages come in batches, and service is not exponential, room limited, or messages leave",
        );
    };
    let Some(sizes) = sizes(&line.batch) else {
        return no_model("messages come in batches of a law that is not counted out here");
    };
    exact(BatchMmc::new(rate, &sizes, mean.recip(), servers)?)
}

/// Probabilities of 1, 2, … messages, to the nearest whole number as a producer rounds them; `None` where batches
/// may be empty, or too large to count out.
fn sizes(batch: &Distribution) -> Option<Vec<f64>> {
    let exceeds = |size: usize| batch.exceeds(size as f64 - 0.5);
    let most = (1..=BATCH_MAX).find(|size| exceeds(size + 1) <= NEGLIGIBLE)?;
    if exceeds(1) < 1.0 {
        return None;
    }
    let of = |size: usize| exceeds(size) - if size == most { 0.0 } else { exceeds(size + 1) };
    Some((1..=most).map(of).collect())
}

fn exact(model: impl Answer + 'static) -> Found {
    Ok((Box::new(model), Basis::Exact))
}

fn approximate(error: &'static str, model: impl Answer + 'static) -> Found {
    Ok((Box::new(model), Basis::Approximate(error)))
}

fn no_model(why: &'static str) -> Found {
    Err(Unsolved::NoModel(why))
}
