# Read instead of the learner's .zshenv, for ZDOTDIR leads here. It gives ZDOTDIR back,
# reads theirs, and adds two hooks beside theirs; zsh finds all other files by itself.
if [[ -n $LABRUN_ZDOTDIR ]]; then export ZDOTDIR=$LABRUN_ZDOTDIR; else unset ZDOTDIR; fi
unset LABRUN_ZDOTDIR
[[ -r ${ZDOTDIR:-$HOME}/.zshenv ]] && source ${ZDOTDIR:-$HOME}/.zshenv

if [[ -o interactive ]]; then
  # Silent, so that `set -x` shows nothing of them; a trap on DEBUG sees one command.
  _labrun_preexec() { {
    setopt local_options local_traps; trap - DEBUG
    local text=$1
    if [[ -o hist_ignore_space && $text == ' '* ]]; then text=; fi
    if [[ -n ${HISTORY_IGNORE-} && $text == ${~HISTORY_IGNORE} ]]; then text=; fi
    local LC_ALL=C
    text=${text:0:5000}$'\n'
    printf '\033]7337;%s;%s;s\037%s\007' "$LABRUN_TOKEN" $$ "${(qqqq)text}" >/dev/tty
  } >/dev/null 2>&1 }
  _labrun_precmd() { {
    local exit_code=$?
    setopt local_options local_traps; trap - DEBUG
    local LC_ALL=C directory=$PWD$'\n'
    printf '\033]7337;%s;%s;p%s\037%s\007' \
      "$LABRUN_TOKEN" $$ $exit_code "${(qqqq)directory}" >/dev/tty
  } >/dev/null 2>&1 }
  preexec_functions+=(_labrun_preexec)
  precmd_functions+=(_labrun_precmd)
fi
