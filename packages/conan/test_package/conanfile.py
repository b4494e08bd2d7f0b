"""Builds a program against the package, by CMake and with the options that it has, and runs it."""

import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class WinshmTestConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        options = self.dependencies["winshm"].options
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["WITH_COMPAT"] = str(options.compat) == "True"
        toolchain.cache_variables["KIND"] = "shared" if str(options.shared) == "True" else "static"
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if not can_run(self):
            return
        for name in ["plain", "windows"]:
            program = os.path.join(self.cpp.build.bindir, name)
            if os.path.exists(program):
                self.run(program, env="conanrun")
        package = self.dependencies["winshm"]
        if str(package.options.tool) == "True":
            # By its path: of a static library Conan puts no programs into the PATH.
            self.run(os.path.join(package.package_folder, "bin", "winshm") + " --version", env="conanrun")
