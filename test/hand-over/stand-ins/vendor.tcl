# A stand-in for the Tcl shell of a vendor's tool, run by yosys' Tcl: it knows the commands that the tool has, writes
# down which were called and in what order, and insists that every file that is named be there.
set known [split $env(STAND_IN_COMMANDS) ,]
set journal [open $env(STAND_IN_JOURNAL) a]
proc unknown {name args} {
  global known journal env
  if {[lsearch -exact $known $name] < 0} { error "invalid command name \"$name\"" }
  puts $journal "$name $args"
  flush $journal
  # Options take their value as it is; everything else that looks like one of our paths must be a file.
  foreach word [concat {*}$args] {
    if {[regexp {(^|/)(rtl|constraints|tb|hls)/.*\.[a-z]+$} $word] && ![file exists $word]} { error "no file \"$word\"" }
    if {[regexp {^(design|testbench)\.cpp$|^estimate\.txt$} $word] && ![file exists $word]} { error "no file \"$word\"" }
  }
  switch -- $name {
    get_property { return [expr {[lindex $args 0] eq "SLACK" ? $env(STAND_IN_SLACK) : "100%"}] }
    ipx::get_bus_interfaces { return [lindex $args 0] }
    default { return "" }
  }
}
# Vendors' shells end with a message and exit code 1 where a script fails.
if {[catch {source $env(STAND_IN_SCRIPT)} reason]} {
  puts $journal "ERROR: $reason"
  puts stderr "ERROR: $reason"
  exit 1
}
exit 0
