"""Conan 2 recipe of winshm:  conan create packages/conan

Needs what the CMake build needs: CMake, a C compiler and cargo (1.85 or newer). Cargo gets
the crates that Cargo.lock names, from crates.io. Without a network: run `cargo fetch
--locked` once where there is one, and build with
`-c tools.cmake.cmaketoolchain:extra_variables="{'WINSHM_OFFLINE': 'ON'}"`.
"""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rm, rmdir

required_conan_version = ">=2.0"

# The repository, of which the recipe is a part; where it was exported to, there is none.
ROOT = os.path.join("..", "..")


class WinshmConan(ConanFile):
    name = "winshm"
    description = "Windows named shared memory and its synchronisation for Linux, as a C library"
    license = "MIT OR Apache-2.0"
    topics = ("shared-memory", "ipc", "windows", "porting", "mmap")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        # The drop-in <windows.h> and its family: target winshm::compat.
        "compat": [True, False],
        # bin/winshm, the command line tool.
        "tool": [True, False],
    }
    default_options = {"shared": True, "compat": True, "tool": False}
    no_copy_source = True

    def set_version(self):
        lines = load(self, os.path.join(self.recipe_folder, ROOT, "Cargo.toml")).splitlines()
        self.version = next(line.split('"')[1] for line in lines if line.startswith("version = "))

    def export_sources(self):
        root = os.path.join(self.recipe_folder, ROOT)
        for pattern in ["CMakeLists.txt", "Cargo.toml", "Cargo.lock", "build.rs", "cbindgen.toml", "LICENSE-*"]:
            copy(self, pattern, root, self.export_sources_folder)
        for folder in ["build_script", "cmake", "include", "src"]:
            copy(self, "*", os.path.join(root, folder), os.path.join(self.export_sources_folder, folder))

    def configure(self):
        # It is a library in C, whose interface no compiler or its library of C++ changes.
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def layout(self):
        cmake_layout(self)

    def validate(self):
        if self.settings.os != "Linux" or self.settings.arch != "x86_64":
            raise ConanInvalidConfiguration("winshm supports Linux on x86-64 only")

    def package_id(self):
        # Cargo builds it, for release, whatever compiles the programs.
        del self.info.settings.compiler
        del self.info.settings.build_type

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["WINSHM_BUILD_TESTS"] = False
        toolchain.cache_variables["WINSHM_INSTALL"] = True
        toolchain.cache_variables["WINSHM_BUILD_TOOL"] = bool(self.options.tool)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        lib = os.path.join(self.package_folder, "lib")
        # Conan writes these for its users, with the targets below.
        rmdir(self, os.path.join(lib, "cmake"))
        rmdir(self, os.path.join(lib, "pkgconfig"))
        rm(self, "libwinshm.a" if self.options.shared else "libwinshm.so*", lib)
        if not self.options.compat:
            rmdir(self, os.path.join(self.package_folder, "include", "winshm-compat"))

    def package_info(self):
        # The targets of the CMake package; winshm::all is what programs rarely want.
        self.cpp_info.set_property("cmake_target_name", "winshm::all")
        self.cpp_info.set_property("pkg_config_name", "winshm-all")
        library = self.cpp_info.components["library"]
        library.libs = ["winshm"]
        library.set_property("cmake_target_name", "winshm::winshm")
        kind = "shared" if self.options.shared else "static"
        library.set_property("cmake_target_aliases", [f"winshm::{kind}"])
        library.set_property("pkg_config_name", "winshm")
        if not self.options.shared:
            # What `rustc --print native-static-libs` says, without the compiler's own.
            library.system_libs = ["gcc_s", "util", "rt", "pthread", "m", "dl"]
        if self.options.compat:
            compat = self.cpp_info.components["compat"]
            compat.includedirs = [os.path.join("include", "winshm-compat"), "include"]
            compat.libdirs = []
            compat.bindirs = []
            compat.set_property("cmake_target_name", "winshm::compat")
            compat.set_property("pkg_config_name", "winshm-compat")
