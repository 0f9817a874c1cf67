#!/usr/bin/env bash
# The system packages behind the window, its tests and the frozen programs.
#
#   system.sh has KIND …                   succeed if nothing of these kinds is missing
#   system.sh install KIND … [+PACKAGE …]  install what is missing, and these packages too
#
# Kinds: picture  what Qt loads even to draw a window into a file, with no display
#        window   what it loads besides, to put a window on a display
#        desktop  a display and a window manager, for the tests marked `desktop`
#        bundle   what PyInstaller calls
#
# Installing is for Debian and its kin, as root or with sudo that asks for no password. Elsewhere one line
# names what is missing, by its name in Debian, and the way without it goes on: this never fails.
set -euo pipefail

# What is looked for (a library by its soname, a program by its name), and the package that brings it.
needs() {
    case $1 in
    picture) echo "
        libEGL.so.1               libegl1
        libGL.so.1                libgl1
        libX11.so.6               libx11-6
        libdbus-1.so.3            libdbus-1-3
        libfontconfig.so.1        libfontconfig1
        libfreetype.so.6          libfreetype6
        libglib-2.0.so.0          libglib2.0-0
        libxkbcommon.so.0         libxkbcommon0" ;;
    window) echo "
        libX11-xcb.so.1           libx11-xcb1
        libxcb-cursor.so.0        libxcb-cursor0
        libxcb-glx.so.0           libxcb-glx0
        libxcb-icccm.so.4         libxcb-icccm4
        libxcb-image.so.0         libxcb-image0
        libxcb-keysyms.so.1       libxcb-keysyms1
        libxcb-randr.so.0         libxcb-randr0
        libxcb-render-util.so.0   libxcb-render-util0
        libxcb-render.so.0        libxcb-render0
        libxcb-shape.so.0         libxcb-shape0
        libxcb-shm.so.0           libxcb-shm0
        libxcb-sync.so.1          libxcb-sync1
        libxcb-util.so.1          libxcb-util1
        libxcb-xfixes.so.0        libxcb-xfixes0
        libxcb-xkb.so.1           libxcb-xkb1
        libxkbcommon-x11.so.0     libxkbcommon-x11-0" ;;
    desktop) echo "
        Xvfb                      xvfb
        openbox                   openbox
        xdotool                   xdotool" ;;
    bundle)
        echo "objdump binutils"
        # Debian's own Python does without the shared library that a frozen program loads.
        local python
        python=$(readlink -f "${BASH_SOURCE[0]%/*}/../.venv/bin/python")
        [[ $python != /usr/bin/python3.* ]] || echo "lib${python##*/}.so.1.0 lib${python##*/}"
        ;;
    *) echo "system.sh: no kind '$1'; the kinds are picture, window, desktop and bundle" >&2; exit 2 ;;
    esac
}

# Print the packages of a kind that are missing.
missing() {
    local wanted package
    while read -r wanted package; do
        case $wanted in
        "") ;;
        *.so.*) [[ $libraries == *"$wanted "* ]] || echo "$package" ;;
        *) command -v "$wanted" >/dev/null || echo "$package" ;;
        esac
    done < <(needs "$1")
}

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

verb=${1:?has or install}
shift

# Other systems bring these with their desktop, and have no ldconfig to ask.
[ "$(uname)" = Linux ] || exit 0
PATH=$PATH:/usr/sbin:/sbin  # where Debian keeps ldconfig, not on everyone's path
libraries=$(ldconfig -p)

packages=()
for kind in "$@"; do
    case $kind in
    +*) packages+=("${kind#+}") ;;
    *)
        needs "$kind" >/dev/null  # an unknown kind ends it here
        mapfile -t -O "${#packages[@]}" packages < <(missing "$kind")
        ;;
    esac
done
((${#packages[@]})) || exit 0
[ "$verb" = install ] || exit 1

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    echo "setup: installing ${packages[*]}"
    install=(install -y --no-install-recommends "${packages[@]}")
    # The lists are fetched only where they are missing or out of date: most often they are neither.
    { apt "${install[@]}" || { apt update && apt "${install[@]}"; }; } >/dev/null 2>&1 && exit 0
fi
echo "setup: going on without system packages that could not be installed: apt-get install ${packages[*]}" >&2
