use crate::cli::Clean;
use crate::failure::{Failure, Outcome};

pub fn run(_args: Clean) -> Outcome {
    Err(Failure::not_built())
}
