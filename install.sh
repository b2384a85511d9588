#!/bin/sh
# Installs handbook: fetches the program for this computer, makes sure that it is whole, and puts it into a folder.
#
#   curl --proto '=https' --tlsv1.2 -sSf https://raw.githubusercontent.com/example/handbook/main/install.sh | sh
#   sh install.sh --version 0.1.0 --to /usr/local/bin
set -eu

# All of it is read before anything is done: of a script that was cut off on its way, nothing runs.
main() {
  releases=https://github.com/example/handbook/releases
  version=latest
  to=$HOME/.local/bin

  say() { printf '%s\n' "$*" >&2; }
  stop() { say "error: $1"; shift; for line in "$@"; do say "  = help: $line"; done; exit 1; }

  usage() {
    cat <<'TEXT'
Installs handbook.

  --version VERSION   this version instead of the latest, such as 0.1.0
  --to DIR            into this folder instead of ~/.local/bin
  --from URL          from this address instead of GitHub; it must hold the files of a release
  --help              this text
TEXT
  }

  from=
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --to | --from)
        [ $# -gt 1 ] || stop "$1 needs a value behind it"
        case $1 in
          --version) version=${2#v} ;;
          --to) to=$2 ;;
          --from) from=${2%/} ;;
        esac
        shift 2
        ;;
      -h | --help) usage; exit 0 ;;
      *) usage >&2; stop "\`$1\` is no option" ;;
    esac
  done

  # The folder by its whole name: that is what a shell has to look for, wherever it is opened.
  case $to in
    /* | [A-Za-z]:*) ;;
    *) to=$PWD/$to ;;
  esac

  if [ -z "$from" ]; then
    case $version in
      latest) from=$releases/latest/download ;;
      *) from=$releases/download/v$version ;;
    esac
  fi

  # The name by which Rust calls this computer's kind.
  name=handbook
  case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) stop "there is no ready-made program for the processor $(uname -m)" "build it: cargo install --locked --git ${releases%/releases}" ;;
  esac
  case $(uname -s) in
    # It needs nothing of the system, so it runs on every Linux.
    Linux) target=$machine-unknown-linux-musl ;;
    Darwin) target=$machine-apple-darwin ;;
    MINGW* | MSYS* | CYGWIN*) target=x86_64-pc-windows-msvc name=handbook.exe ;;
    *) stop "there is no ready-made program for $(uname -s)" "build it: cargo install --locked --git ${releases%/releases}" ;;
  esac

  fetch() {
    if command -v curl >/dev/null 2>&1; then
      curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
      wget --quiet --output-document "$2" "$1"
    else
      stop "neither curl nor wget is there" "install one of them"
    fi
  }

  hash_of() {
    if command -v sha256sum >/dev/null 2>&1; then
      sha256sum "$1" | cut -d ' ' -f 1
    elif command -v shasum >/dev/null 2>&1; then
      shasum -a 256 "$1" | cut -d ' ' -f 1
    else
      stop "neither sha256sum nor shasum is there, so nobody can tell whether the program is whole" "install coreutils"
    fi
  }

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM

  archive=handbook-$target.tar.gz
  say "Fetching $from/$archive"
  fetch "$from/$archive" "$work/$archive" || stop "it cannot be fetched" "see $releases for the versions there are"
  fetch "$from/$archive.sha256" "$work/$archive.sha256" || stop "its checksum cannot be fetched"

  wanted=$(cut -d ' ' -f 1 "$work/$archive.sha256")
  found=$(hash_of "$work/$archive")
  [ "$wanted" = "$found" ] || stop "what was fetched is not what was released: its SHA-256 is $found and not $wanted" "try again; if it stays so, tell us"

  tar -xzf "$work/$archive" -C "$work"
  mkdir -p "$to"
  # Beside it first, so that a program that runs at this moment is replaced and not written over.
  cp "$work/handbook-$target/$name" "$to/.$name.new"
  chmod 755 "$to/.$name.new"
  mv -f "$to/.$name.new" "$to/$name"
  say "Installed $("$to/$name" --version) into $to"

  case :$PATH: in
    *":$to:"*) say "Next: handbook init my-handbook" ;;
    *)
      line="export PATH=\"$to:\$PATH\"" file=".profile"
      case ${SHELL:-} in
        */zsh) file=".zshrc" ;;
        */bash) file=".bashrc" ;;
        */fish) line="fish_add_path \"$to\"" file=".config/fish/config.fish" ;;
      esac
      say "Your shell does not look for programs in this folder yet. Type this once, and open a new terminal:"
      say "  echo '$line' >> ~/$file"
      say "Next: handbook init my-handbook"
      ;;
  esac
}

main "$@"
