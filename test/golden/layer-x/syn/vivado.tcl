# templates/hand-over/vivado.tcl.hbs from src/emit/hand-over.ts. Do not edit.
# Design layer_x, configuration e8e72410b792f279f53a407b11340a91a521c6aef61d07fefb03d29a4f6300a2.
#
# vivado -mode batch -source syn/vivado.tcl: a project, out-of-context synthesis and implementation, reports.
# Part: environment NBA_PART.
set part xc7z020clg400-1
if {[info exists env(NBA_PART)]} { set part $env(NBA_PART) }
file mkdir syn/vivado
create_project -force layer_x syn/vivado -part $part
add_files -norecurse [list \
  rtl/nba_pkg.sv \
  rtl/nba_array.sv \
  rtl/nba_bursts.sv \
  rtl/nba_chip_memory.sv \
  rtl/nba_chunk.sv \
  rtl/nba_csr.sv \
  rtl/nba_delay.sv \
  rtl/nba_descriptor.sv \
  rtl/nba_epoch.sv \
  rtl/nba_fifo.sv \
  rtl/nba_lut_product.sv \
  rtl/nba_multipliers.sv \
  rtl/nba_port.sv \
  rtl/nba_ram.sv \
  rtl/nba_read.sv \
  rtl/nba_requantize.sv \
  rtl/nba_requantize_tflite.sv \
  rtl/nba_semaphore.sv \
  rtl/nba_sequencer.sv \
  rtl/nba_slot.sv \
  rtl/nba_store.sv \
  rtl/nba_walker.sv \
  rtl/layer_x_core.sv \
  rtl/layer_x.v \
]
add_files -fileset constrs_1 -norecurse constraints/layer_x.xdc
set_property top layer_x [current_fileset]
update_compile_order -fileset sources_1
set_property -name {STEPS.SYNTH_DESIGN.ARGS.MORE OPTIONS} -value {-mode out_of_context} -objects [get_runs synth_1]
launch_runs synth_1
wait_on_run synth_1
if {[get_property PROGRESS [get_runs synth_1]] ne "100%"} { error "synthesis failed; see syn/vivado" }
launch_runs impl_1
wait_on_run impl_1
if {[get_property PROGRESS [get_runs impl_1]] ne "100%"} { error "implementation failed; see syn/vivado" }
open_run impl_1
report_utilization -hierarchical -file syn/vivado/utilization.txt
report_timing_summary -file syn/vivado/timing.txt
set slack [get_property SLACK [get_timing_paths -delay_type max]]
puts "worst slack at 10.000 ns: $slack ns"
if {$slack < 0} { error "timing is not met; see syn/vivado/timing.txt" }
