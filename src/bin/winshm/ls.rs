use crate::cli::Ls;
use crate::failure::{Failure, Outcome};

pub fn run(_args: Ls) -> Outcome {
    Err(Failure::not_built())
}
