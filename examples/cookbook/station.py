"""station.py NAME - reads a measurement of station.c, with nothing but Python's own library."""
import mmap
import os
import struct
import sys
import time

MEASUREMENT = struct.Struct("<II4d")  # as `struct Measurement` in station.c


# [docs: read]
def read(memory):
    for _ in range(1000):
        before, = struct.unpack_from("<I", memory)
        measurement = MEASUREMENT.unpack_from(memory)
        after, = struct.unpack_from("<I", memory)
        if before == after and before % 2 == 0:
            return measurement
        time.sleep(0.001)
    raise TimeoutError("half a measurement: its writer was stopped or killed in the middle")
# [docs: end]


def main():
    path = "/dev/shm/" + sys.argv[1].lstrip("/")
    file = os.open(path, os.O_RDONLY)
    # Not multiprocessing.shared_memory: before Python 3.13 it deletes the name when the program ends.
    with mmap.mmap(file, MEASUREMENT.size, prot=mmap.PROT_READ) as memory:
        version, station, *celsius = read(memory)
    os.close(file)
    print(f"version {version}, station {station}, {celsius}")


main()
