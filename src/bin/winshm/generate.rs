use crate::cli::Generate;
use crate::failure::{Failure, Outcome};

pub fn run(_args: Generate) -> Outcome {
    Err(Failure::not_built())
}
