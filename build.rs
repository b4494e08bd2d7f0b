//! Tells the linker what it must know and, with the feature `header`, composes
//! the C header in OUT_DIR. Nothing is written into the source tree.

#[path = "build_script/exports.rs"]
mod exports;
#[cfg(feature = "header")]
#[path = "build_script/header.rs"]
mod header;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build_script");
    // The library has thread-exit, fork and exit handlers: unloading it under
    // them would be a crash.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // What the library calls of itself is its own, also where the program, or another copy of
    // the library in it, has a function of that name.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-Bsymbolic-functions");
    // Only for builds that also make the link of that name, as CMake's does.
    println!("cargo:rerun-if-env-changed=WINSHM_SONAME");
    if let Ok(soname) = std::env::var("WINSHM_SONAME") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    }
    exports::write();
    #[cfg(feature = "header")]
    header::write();
}
