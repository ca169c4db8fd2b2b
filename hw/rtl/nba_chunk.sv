// One chunk: runs its layers, each from a descriptor, on a read unit, an array and a store unit joined by tokens.
//
// A layer is fetched (descriptor words, addresses, first commands) and then runs from its first command to its last
// write response; run_o is high in exactly its predicted cycles. go_i in cycle t starts the list (or the next layer
// only, single_i): its first layer runs from t + 9 on, the next one 2 cycles after the end of the one before it. A
// layer without an image costs 2 cycles, 1 where it was looked at ahead, and the one after it starts as a first one.
// done_o pulses 2 cycles after the last end. stop_i ends the list after the current layer. A unit takes a command one
// cycle after the last end it waited for. With prologue_i the descriptor behind the last layer's copies weights into
// on-chip memory, which reads and writes of a layer may use instead of the bus (flags of its descriptor).
// Counters (32 bits each, cleared by rewind_i): cycles busy; cycles the array waits for inputs or weights, for free
// partial sums; cycles a finished beat waits for the bus.
module nba_chunk #(
  parameter int unsigned BusBits = 64,
  parameter int unsigned Rows = 2,
  parameter int unsigned Outputs = 4,
  parameter int unsigned Inputs = 4,
  parameter bit          Depthwise = 1'b0,
  parameter int unsigned ProductsPerDsp = 1,
  parameter int unsigned RotationRegisters = 0,
  parameter int unsigned AdderRegisters = 0,
  parameter int unsigned SumRegisters = 0,
  parameter int unsigned RequantizerRegisters = 0,
  parameter int unsigned SlotBits = 8,
  parameter int unsigned WeightBits = 8,
  parameter int unsigned Requantizers = 2,
  parameter bit          HasAdd = 1'b0,
  parameter bit          Tflite = 1'b0,
  parameter logic [3:0]  OutputSlots = 4'b0100,
  parameter logic [3:0]  OperandSlots = 4'b0100,
  parameter int unsigned InputWords = 512,
  parameter int unsigned WeightWords = 1024,
  parameter int unsigned ParameterWords = 64,
  parameter int unsigned SumWords = 256,
  parameter int unsigned OperandWords = 64,
  parameter int unsigned SumBuffers = 2,
  parameter int unsigned ChipWords = 0,             // beats of on-chip memory; 0 = none
  parameter int unsigned Layers = 16,
  parameter int unsigned TableDepth = 64,
  localparam int unsigned TraceBits = 32
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // Program port: {memory 2, word address 15}.
  input  logic               program_we_i,
  input  logic [16:0]        program_address_i,
  input  logic [31:0]        program_data_i,
  // Configuration that does not change while running.
  input  logic [7:0]         layers_i,
  input  logic [4*32-1:0]    bases_i,
  input  logic [4:0]         outstanding_i,
  // Control.
  input  logic               go_i,
  input  logic               rewind_i,
  input  logic               single_i,
  input  logic               prologue_i,
  input  logic               stop_i,
  input  logic [15:0]        epoch_i,
  input  logic [15:0]        images_i,
  output logic               busy_o,
  output logic               done_o,
  output logic               run_o,
  output logic               error_o,
  output logic [127:0]       counters_o,
  output logic [TraceBits-1:0] trace_o,
  // AXI4 master.
  output logic               ar_valid_o,
  input  logic               ar_ready_i,
  output logic [31:0]        ar_address_o,
  output logic [7:0]         ar_length_o,
  input  logic               r_valid_i,
  input  logic               r_last_i,
  input  logic [1:0]         r_response_i,
  input  logic [BusBits-1:0] r_data_i,
  output logic               aw_valid_o,
  input  logic               aw_ready_i,
  output logic [31:0]        aw_address_o,
  output logic [7:0]         aw_length_o,
  output logic               w_valid_o,
  input  logic               w_ready_i,
  output logic [BusBits-1:0] w_data_o,
  output logic               w_last_o,
  input  logic               b_valid_i,
  input  logic [1:0]         b_response_i
);
  localparam int unsigned InputLanes = BusBits / SlotBits;
  localparam int unsigned WeightLanes = Depthwise ? 1 : Inputs;
  localparam int unsigned ActivationLanes = Depthwise ? Outputs : Inputs;
  localparam int unsigned InputSubs = ActivationLanes > InputLanes ? ActivationLanes / InputLanes : 1;
  localparam int unsigned WeightWordBits = Outputs * WeightLanes * WeightBits;
  localparam int unsigned WeightSubs = (WeightWordBits + BusBits - 1) / BusBits;
  localparam int unsigned WeightPack = BusBits / WeightWordBits >= 2 ? 1 << $clog2(BusBits / WeightWordBits / 2 + 1) : 1;
  localparam int unsigned ParameterSubs = Requantizers * (Tflite ? 128 : 64) / BusBits;
  localparam int unsigned SumBits = 32;
  localparam int unsigned InputBits = $clog2(InputWords);
  localparam int unsigned WeightAddressBits = $clog2(WeightWords);
  localparam int unsigned ParameterBits = $clog2(ParameterWords);
  localparam int unsigned SumAddressBits = $clog2(SumWords);
  localparam int unsigned TableBits = $clog2(TableDepth);
  localparam int unsigned LayerBits = $clog2(Layers);
  localparam int unsigned DW = nba_pkg::DescriptorWords * 32;

  initial begin
    if (ActivationLanes > InputLanes ? ActivationLanes % InputLanes != 0 : InputLanes % ActivationLanes != 0)
      $fatal(1, "activation lanes must divide the lanes of a beat or be a multiple of them");
    if (Outputs % Requantizers != 0) $fatal(1, "requantizer lanes must divide the outputs");
  end

  // ---------------------------------------------------------------- descriptor and control
  // A layer is fetched (its descriptor, addresses and first commands) while the one before it drains: from the cycle
  // in which the last store begins, nothing but that store needs the running layer's words, and those are kept apart.
  typedef enum logic [1:0] {Idle, Wait, Run, End} state_e;
  typedef enum logic [2:0] {None, Load, Look, Start, Prime} fetch_e;
  localparam logic [2:0] Primed = 3'd5;
  state_e        state_q;
  fetch_e        fetch_q;
  logic          load, ahead, start, enter, pass, last_layer, leave, single_q, prologue_q, active, layer_end;
  logic [7:0]    layer_q, next_layer, load_layer;
  logic [2:0]    prime_q;
  logic [DW-1:0] words, run_q;
  logic [15:0]   image_q;
  logic          in_range;

  nba_descriptor #(.Layers(Layers)) u_descriptor (
    .clk_i,
    .we_i    (program_we_i && program_address_i[16:15] == nba_pkg::ProgramDescriptor),
    .wlayer_i(program_address_i[6 +: LayerBits]),
    .wword_i (program_address_i[5:0]),
    .wdata_i (program_data_i),
    .load_i  (load),
    .layer_i (load_layer[LayerBits-1:0]),
    .words_o (words)
  );

  function automatic logic [31:0] resolve(input logic [31:0] base, input logic [4*32-1:0] regions, input logic chip);
    resolve = (chip ? 32'd0 : regions[32'(base[31:30])*32 +: 32]) + {2'b00, base[29:0]};
  endfunction

  function automatic logic [31:0] slot_of(input logic [15:0] image, input logic [31:0] ring);
    slot_of = {16'd0, image & ring[31:16]} << ring[4:0];
  endfunction

  logic [15:0] delay, image_of_epoch;
  logic [31:0] next_flags;
  assign next_flags = words[nba_pkg::WordFlags*32 +: 32];
  assign delay = words[nba_pkg::WordDelay*32 +: 16];
  assign image_of_epoch = epoch_i - delay;
  assign in_range = epoch_i >= delay && image_of_epoch < images_i;
  assign active = prologue_q ? words[nba_pkg::WordPrologueBeats*32 +: 32] != 32'd0 : single_q || in_range;

  assign next_layer = layer_q + 8'd1;
  assign last_layer = single_q || prologue_q || next_layer == layers_i;
  assign leave = last_layer || stop_i;
  assign load = (state_q == Idle && go_i) || ahead || fetch_q == Load;
  always_comb begin
    load_layer = layer_q;
    if (state_q == Idle && prologue_i) load_layer = layers_i;
    if (state_q == Run) load_layer = next_layer;
  end
  assign start = fetch_q == Start;
  assign enter = state_q == Wait && !stop_i && fetch_q == Prime && prime_q == Primed;
  assign pass = state_q == Wait && fetch_q == Look && !active;
  assign busy_o = state_q != Idle;
  assign run_o = state_q == Run;

  logic [31:0] input_base_q, output_base_q, operand_base_q, weight_base_q, parameter_base_q;
  logic [31:0] input_start_q, output_start_q, operand_start_q, input_slot_q, output_slot_q, operand_slot_q;
  always_ff @(posedge clk_i) begin
    done_o <= 1'b0;
    if (!rst_ni) begin
      state_q <= Idle;
      fetch_q <= None;
      layer_q <= '0;
      single_q <= 1'b0;
      prologue_q <= 1'b0;
    end else begin
      unique case (fetch_q)
        Load: fetch_q <= Look;
        Look: if (active) fetch_q <= Start; else if (pass) fetch_q <= leave ? None : Load;
        Start: fetch_q <= Prime;
        default: ;
      endcase
      unique case (state_q)
        Idle: begin
          if (rewind_i) layer_q <= '0;
          if (go_i) begin
            state_q <= Wait;
            fetch_q <= Look;
            single_q <= single_i;
            prologue_q <= prologue_i;
            if (prologue_i) layer_q <= layers_i;
          end
        end
        Wait: begin
          if (enter) begin
            state_q <= Run;
            fetch_q <= None;
          end
          if (pass) layer_q <= next_layer;
          if ((pass && leave) || stop_i) state_q <= End;
        end
        Run: begin
          if (ahead) fetch_q <= Look;
          if (layer_end) begin
            state_q <= leave ? End : Wait;
            layer_q <= next_layer;
          end
        end
        default: begin
          state_q <= Idle;
          fetch_q <= None;
          done_o <= 1'b1;
          if (prologue_q || layer_q == layers_i) layer_q <= '0;
        end
      endcase
    end
    if (start) prime_q <= '0;
    else if (prime_q != Primed) prime_q <= prime_q + 3'd1;
    if (enter) run_q <= words;
    image_q <= single_q ? epoch_i : image_of_epoch;
    // Three cycles from the words to the addresses; the first command reads them in the sixth.
    input_slot_q <= slot_of(image_q, words[nba_pkg::WordInputRing*32 +: 32]);
    output_slot_q <= slot_of(image_q, words[nba_pkg::WordOutputRing*32 +: 32]);
    operand_slot_q <= slot_of(image_q, words[nba_pkg::WordOperandRing*32 +: 32]);
    input_start_q <= resolve(words[nba_pkg::WordInputBase*32 +: 32], bases_i, next_flags[nba_pkg::FlagChipReads+0]);
    output_start_q <= resolve(words[nba_pkg::WordOutputBase*32 +: 32], bases_i, next_flags[nba_pkg::FlagChipOutput]);
    operand_start_q <= resolve(words[nba_pkg::WordOperandBase*32 +: 32], bases_i,
                               next_flags[nba_pkg::FlagChipReads+3]);
    input_base_q <= input_start_q + input_slot_q;
    output_base_q <= output_start_q + output_slot_q;
    operand_base_q <= operand_start_q + operand_slot_q;
    // The prologue reads this one in the next cycle.
    weight_base_q <= resolve(words[nba_pkg::WordWeightBase*32 +: 32], bases_i, next_flags[nba_pkg::FlagChipReads+1]);
    parameter_base_q <= resolve(words[nba_pkg::WordParameterBase*32 +: 32], bases_i,
                                next_flags[nba_pkg::FlagChipReads+2]);
  end

  // ---------------------------------------------------------------- constants of the layer
  logic [31:0] flags;
  logic [2:0]  row_stride, column_stride;
  logic [15:0] row_pitch, group_pitch, block_pitch, operand_pitch;
  assign flags = run_q[nba_pkg::WordFlags*32 +: 32];
  assign row_stride = flags[2:0];
  assign column_stride = flags[5:3];
  assign row_pitch = run_q[nba_pkg::WordRowPitch*32 +: 16];
  assign group_pitch = run_q[nba_pkg::WordRowPitch*32+16 +: 16];
  assign block_pitch = run_q[nba_pkg::WordBlockPitch*32 +: 16];
  assign operand_pitch = run_q[nba_pkg::WordOperandPitch*32 +: 16];
  logic unused_words;
  assign unused_words = ^{words, run_q, flags, program_address_i, load_layer, 1'b0};

  // ---------------------------------------------------------------- commands
  logic        read_valid, read_start, read_busy, read_done, read_error, need_free;
  logic [1:0]  read_kind, read_kind_now;
  logic [31:0] read_address, read_length, read_outer_stride, read_inner_stride, read_columns;
  logic [19:0] read_outer, read_inner;
  logic [11:0] read_blocks, read_rows;
  logic [7:0]  read_bank;
  logic [2:0]  read_phase, read_step;
  logic [15:0] read_offset;
  logic        array_valid, array_start, array_busy, array_done, array_first, array_last;
  logic        array_wait_input, array_wait_weights, array_release_input, array_release_weights;
  logic [15:0] array_row_groups, array_columns, array_output_groups, array_input_groups, array_top, array_left;
  logic        store_valid, store_start, store_busy, store_done, store_error, store_layer_last;
  logic        store_wait_parameters, store_release_parameters;
  logic [31:0] store_address, store_length, store_outer_stride, store_inner_stride;
  logic [19:0] store_outer, store_inner;
  logic [11:0] store_blocks, store_rows, store_columns, store_operand_blocks;

  nba_sequencer #(.TableDepth(TableDepth)) u_sequencer (
    .clk_i,
    .rst_ni,
    .we_read_i                 (program_we_i && program_address_i[16:15] == nba_pkg::ProgramRead),
    .we_array_i                (program_we_i && program_address_i[16:15] == nba_pkg::ProgramArray),
    .we_store_i                (program_we_i && program_address_i[16:15] == nba_pkg::ProgramStore),
    .waddr_i                   (program_address_i[3 +: TableBits]),
    .wlane_i                   (program_address_i[2:0]),
    .wdata_i                   (program_data_i),
    .words_i                   (words),
    .input_base_i              (input_base_q),
    .weight_base_i             (weight_base_q),
    .parameter_base_i          (parameter_base_q),
    .operand_base_i            (operand_base_q),
    .output_base_i             (output_base_q),
    .start_i                   (start),
    .prologue_i                (prologue_q),
    .read_valid_o              (read_valid),
    .take_read_i               (read_start),
    .read_kind_o               (read_kind),
    .read_address_o            (read_address),
    .read_outer_o              (read_outer),
    .read_inner_o              (read_inner),
    .read_length_o             (read_length),
    .read_outer_stride_o       (read_outer_stride),
    .read_inner_stride_o       (read_inner_stride),
    .read_step_o               (read_step),
    .read_blocks_o             (read_blocks),
    .read_rows_o               (read_rows),
    .read_columns_o            (read_columns),
    .read_bank_o               (read_bank),
    .read_phase_o              (read_phase),
    .read_offset_o             (read_offset),
    .array_valid_o             (array_valid),
    .take_array_i              (array_start),
    .array_first_o             (array_first),
    .array_last_o              (array_last),
    .array_wait_input_o        (array_wait_input),
    .array_wait_weights_o      (array_wait_weights),
    .array_release_input_o     (array_release_input),
    .array_release_weights_o   (array_release_weights),
    .array_row_groups_o        (array_row_groups),
    .array_columns_o           (array_columns),
    .array_output_groups_o     (array_output_groups),
    .array_input_groups_o      (array_input_groups),
    .array_top_o               (array_top),
    .array_left_o              (array_left),
    .store_valid_o             (store_valid),
    .take_store_i              (store_start),
    .store_layer_last_o        (store_layer_last),
    .store_wait_parameters_o   (store_wait_parameters),
    .store_release_parameters_o(store_release_parameters),
    .store_address_o           (store_address),
    .store_outer_o             (store_outer),
    .store_inner_o             (store_inner),
    .store_length_o            (store_length),
    .store_outer_stride_o      (store_outer_stride),
    .store_inner_stride_o      (store_inner_stride),
    .store_blocks_o            (store_blocks),
    .store_rows_o              (store_rows),
    .store_columns_o           (store_columns),
    .store_operand_blocks_o    (store_operand_blocks)
  );

  // ---------------------------------------------------------------- tokens
  logic running, add;
  logic free_input, full_input, free_weights, full_weights, free_parameters, full_parameters;
  logic free_operand, full_operand, free_sums, full_sums;
  logic input_fill, input_use, weights_fill, weights_use, parameters_fill, parameters_use;
  logic operand_fill, operand_use, sums_fill, sums_use;
  logic array_release_input_q, array_release_weights_q, array_last_q;
  logic store_release_parameters_q, store_layer_last_q;
  // While the next layer is fetched its commands are ready, but no buffer is its own yet.
  assign running = state_q == Run && fetch_q == None;
  assign add = flags[7];
  always_comb begin
    unique case (read_kind)
      nba_pkg::KindInput: need_free = free_input;
      nba_pkg::KindWeights: need_free = free_weights;
      nba_pkg::KindParameters: need_free = free_parameters;
      default: need_free = free_operand;
    endcase
  end
  assign read_start = running && read_valid && !read_busy && need_free;
  assign array_start = running && array_valid && !array_busy && (!array_wait_input || full_input) &&
                       (!array_wait_weights || full_weights) && (!array_first || free_sums);
  assign store_start = running && store_valid && !store_busy && full_sums &&
                       (!store_wait_parameters || full_parameters) && (!add || full_operand);
  assign ahead = store_start && store_layer_last && !last_layer;
  assign layer_end = prologue_q ? read_done : store_done && store_layer_last_q;
  always_ff @(posedge clk_i) begin
    if (array_start) begin
      array_release_input_q <= array_release_input;
      array_release_weights_q <= array_release_weights;
      array_last_q <= array_last;
    end
    if (store_start) begin
      store_release_parameters_q <= store_release_parameters;
      store_layer_last_q <= store_layer_last;
    end
  end

  nba_semaphore u_input_tokens (
    .clk_i, .rst_ni, .init_i(enter), .depth_i(next_flags[17:16]),
    .fill_i(read_start && read_kind == nba_pkg::KindInput),
    .filled_i(read_done && read_kind_now == nba_pkg::KindInput),
    .use_i(array_start && array_wait_input), .release_i(array_done && array_release_input_q),
    .free_o(free_input), .full_o(full_input), .half_fill_o(input_fill), .half_use_o(input_use)
  );
  nba_semaphore u_weight_tokens (
    .clk_i, .rst_ni, .init_i(enter), .depth_i(next_flags[19:18]),
    .fill_i(read_start && read_kind == nba_pkg::KindWeights),
    .filled_i(read_done && read_kind_now == nba_pkg::KindWeights),
    .use_i(array_start && array_wait_weights), .release_i(array_done && array_release_weights_q),
    .free_o(free_weights), .full_o(full_weights), .half_fill_o(weights_fill), .half_use_o(weights_use)
  );
  nba_semaphore u_parameter_tokens (
    .clk_i, .rst_ni, .init_i(enter), .depth_i(next_flags[21:20]),
    .fill_i(read_start && read_kind == nba_pkg::KindParameters),
    .filled_i(read_done && read_kind_now == nba_pkg::KindParameters),
    .use_i(store_start && store_wait_parameters), .release_i(store_done && store_release_parameters_q),
    .free_o(free_parameters), .full_o(full_parameters), .half_fill_o(parameters_fill), .half_use_o(parameters_use)
  );
  nba_semaphore u_operand_tokens (
    .clk_i, .rst_ni, .init_i(enter), .depth_i(next_flags[23:22]),
    .fill_i(read_start && read_kind == nba_pkg::KindOperand),
    .filled_i(read_done && read_kind_now == nba_pkg::KindOperand),
    .use_i(store_start && add), .release_i(store_done && add),
    .free_o(free_operand), .full_o(full_operand), .half_fill_o(operand_fill), .half_use_o(operand_use)
  );
  // An output tile's sums: taken by its first array command, full after its last, free after its store.
  nba_semaphore u_sum_tokens (
    .clk_i, .rst_ni, .init_i(enter), .depth_i(next_flags[25:24]),
    .fill_i(array_start && array_first), .filled_i(array_done && array_last_q),
    .use_i(store_start), .release_i(store_done),
    .free_o(free_sums), .full_o(full_sums), .half_fill_o(sums_fill), .half_use_o(sums_use)
  );

  // ---------------------------------------------------------------- on-chip memory
  logic               we;
  logic [7:0]         write_bank, write_column;
  logic [15:0]        write_address;
  logic [BusBits-1:0] write_data;
  logic               chip_read, chip_write, read_ar_valid, store_aw_valid, store_w_valid;
  logic               chip_r_valid, chip_r_last, chip_b_valid;
  logic [BusBits-1:0] chip_r_data;
  assign ar_valid_o = read_ar_valid && !chip_read;
  assign aw_valid_o = store_aw_valid && !chip_write;
  assign w_valid_o = store_w_valid && !chip_write;
  generate
    if (ChipWords > 0) begin : gen_chip
      logic [8:0] read_beats, write_beats;
      assign read_beats = {1'b0, ar_length_o} + 9'd1;
      assign write_beats = {1'b0, aw_length_o} + 9'd1;
      assign chip_read = flags[nba_pkg::FlagChipReads + 32'(read_kind_now)];
      assign chip_write = flags[nba_pkg::FlagChipOutput];
      nba_chip_memory #(.BusBits(BusBits), .Words(ChipWords)) u_chip (
        .clk_i,
        .rst_ni,
        .ar_valid_i    (read_ar_valid && chip_read),
        .ar_address_i  (ar_address_o >> $clog2(BusBits / 8)),
        .ar_beats_i    (read_beats),
        .r_valid_o     (chip_r_valid),
        .r_last_o      (chip_r_last),
        .r_data_o      (chip_r_data),
        .aw_valid_i    (store_aw_valid && chip_write),
        .aw_address_i  (aw_address_o >> $clog2(BusBits / 8)),
        .aw_beats_i    (write_beats),
        .w_valid_i     (store_w_valid && chip_write),
        .w_data_i      (w_data_o),
        .b_valid_o     (chip_b_valid),
        .fill_i        (we && prologue_q),
        .fill_address_i(write_address),
        .fill_data_i   (write_data)
      );
    end else begin : gen_no_chip
      assign chip_read = 1'b0;
      assign chip_write = 1'b0;
      assign {chip_r_valid, chip_r_last, chip_b_valid} = 3'b000;
      assign chip_r_data = '0;
    end
  endgenerate

  // ---------------------------------------------------------------- units
  nba_read #(
    .BusBits(BusBits), .Rows(Rows), .InputBeatsPerWord(InputSubs), .WeightBeatsPerWord(WeightSubs),
    .ParameterBeatsPerWord(ParameterSubs)
  ) u_read (
    .clk_i,
    .rst_ni,
    .start_i       (read_start),
    .kind_i        (read_kind),
    .address_i     (read_address),
    .outer_i       (read_outer),
    .inner_i       (read_inner),
    .length_i      (read_length),
    .outer_stride_i(read_outer_stride),
    .inner_stride_i(read_inner_stride),
    .step_i        (read_step),
    .blocks_i      (read_blocks),
    .rows_i        (read_rows),
    .columns_i     (read_columns),
    .bank_i        (read_bank),
    .phase_i       (read_phase),
    .offset_i      (read_offset),
    .stride_i      (row_stride),
    .row_pitch_i   (row_pitch),
    .group_pitch_i (group_pitch),
    .block_pitch_i (read_kind_now == nba_pkg::KindOperand ? operand_pitch : block_pitch),
    .outstanding_i (chip_read ? 5'd16 : outstanding_i),
    .busy_o        (read_busy),
    .done_o        (read_done),
    .error_o       (read_error),
    .kind_o        (read_kind_now),
    .ar_valid_o    (read_ar_valid),
    .ar_ready_i    (chip_read || ar_ready_i),
    .ar_address_o,
    .ar_length_o,
    .r_valid_i     (chip_read ? chip_r_valid : r_valid_i),
    .r_last_i      (chip_read ? chip_r_last : r_last_i),
    .r_response_i  (chip_read ? 2'b00 : r_response_i),
    .r_data_i      (chip_read ? chip_r_data : r_data_i),
    .we_o          (we),
    .bank_o        (write_bank),
    .column_o      (write_column),
    .waddr_o       (write_address),
    .wdata_o       (write_data)
  );

  logic [Rows*16-1:0]                   input_address;
  logic [Rows*InputSubs*BusBits-1:0]    input_data;
  logic [15:0]                          weight_address, record_address, operand_address;
  logic [WeightSubs*BusBits-1:0]        weight_data;
  logic [ParameterSubs*BusBits-1:0]     record_data;
  logic [BusBits-1:0]                   operand_data;
  logic [15:0]                          sum_raddr, sum_waddr, store_sum_address;
  logic                                 sum_we, store_read;
  logic [Rows*Outputs*SumBits-1:0]      sum_rdata, sum_wdata, store_sum_data;
  logic unused_addresses;
  assign unused_addresses = ^{input_address, weight_address, record_address, operand_address, sum_raddr, sum_waddr,
                              store_sum_address, write_address, write_bank, write_column, weight_data};

  generate
    for (genvar b = 0; b < Rows; b++) begin : gen_bank
      for (genvar k = 0; k < InputSubs; k++) begin : gen_column
        nba_ram #(.Width(BusBits), .Depth(2 * InputWords)) u_input (
          .clk_i,
          .we_i   (we && read_kind_now == nba_pkg::KindInput && write_bank == b[7:0] && write_column == k[7:0]),
          .waddr_i({input_fill, write_address[InputBits-1:0]}),
          .wdata_i(write_data),
          .re_i   (1'b1),
          .raddr_i({input_use, input_address[b*16 +: InputBits]}),
          .rdata_o(input_data[(b*InputSubs+k)*BusBits +: BusBits])
        );
      end
    end
    for (genvar k = 0; k < WeightSubs; k++) begin : gen_weight
      nba_ram #(.Width(BusBits), .Depth(2 * WeightWords)) u_weight (
        .clk_i,
        .we_i   (we && read_kind_now == nba_pkg::KindWeights && write_column == k[7:0]),
        .waddr_i({weights_fill, write_address[WeightAddressBits-1:0]}),
        .wdata_i(write_data),
        .re_i   (1'b1),
        .raddr_i({weights_use, weight_address[WeightAddressBits-1:0]}),
        .rdata_o(weight_data[k*BusBits +: BusBits])
      );
    end
    for (genvar k = 0; k < ParameterSubs; k++) begin : gen_record
      nba_ram #(.Width(BusBits), .Depth(2 * ParameterWords)) u_record (
        .clk_i,
        .we_i   (we && read_kind_now == nba_pkg::KindParameters && write_column == k[7:0]),
        .waddr_i({parameters_fill, write_address[ParameterBits-1:0]}),
        .wdata_i(write_data),
        .re_i   (store_read),
        .raddr_i({parameters_use, record_address[ParameterBits-1:0]}),
        .rdata_o(record_data[k*BusBits +: BusBits])
      );
    end
    if (HasAdd) begin : gen_operand
      localparam int unsigned OperandBits = $clog2(OperandWords);
      nba_ram #(.Width(BusBits), .Depth(2 * OperandWords)) u_operand (
        .clk_i,
        .we_i   (we && read_kind_now == nba_pkg::KindOperand),
        .waddr_i({operand_fill, write_address[OperandBits-1:0]}),
        .wdata_i(write_data),
        .re_i   (store_read),
        .raddr_i({operand_use, operand_address[OperandBits-1:0]}),
        .rdata_o(operand_data)
      );
    end else begin : gen_no_operand
      assign operand_data = '0;
      logic unused_operand;
      assign unused_operand = operand_fill ^ operand_use;
    end
  endgenerate

  // Partial sums: the array and the store never hold the same buffer, so each has one read port.
  logic sums_write_half, sums_read_half;
  assign sums_write_half = SumBuffers == 2 ? sums_fill : 1'b0;
  assign sums_read_half = SumBuffers == 2 ? sums_use : 1'b0;
  logic [SumBuffers*Rows*Outputs*SumBits-1:0] sums_all;
  generate
    for (genvar k = 0; k < SumBuffers; k++) begin : gen_sums
      logic array_holds;
      assign array_holds = array_busy && sums_write_half == k[0];
      nba_ram #(.Width(Rows * Outputs * SumBits), .Depth(SumWords)) u_sums (
        .clk_i,
        .we_i   (sum_we && sums_write_half == k[0]),
        .waddr_i(sum_waddr[SumAddressBits-1:0]),
        .wdata_i(sum_wdata),
        .re_i   (array_holds || store_read),
        .raddr_i(array_holds ? sum_raddr[SumAddressBits-1:0] : store_sum_address[SumAddressBits-1:0]),
        .rdata_o(sums_all[k*Rows*Outputs*SumBits +: Rows*Outputs*SumBits])
      );
    end
    if (SumBuffers == 2) begin : gen_two
      localparam int unsigned Half = Rows * Outputs * SumBits;
      assign sum_rdata = sums_write_half ? sums_all[Half +: Half] : sums_all[0 +: Half];
      assign store_sum_data = sums_read_half ? sums_all[Half +: Half] : sums_all[0 +: Half];
    end else begin : gen_one
      assign sum_rdata = sums_all;
      assign store_sum_data = sums_all;
      logic unused_halves;
      assign unused_halves = sums_fill ^ sums_use ^ sums_read_half;
    end
  endgenerate

  nba_array #(
    .Rows(Rows), .Outputs(Outputs), .Inputs(Inputs), .Depthwise(Depthwise),
    .ProductsPerDsp(ProductsPerDsp), .RotationRegisters(RotationRegisters), .AdderRegisters(AdderRegisters),
    .SumRegisters(SumRegisters),
    .SlotBits(SlotBits), .WeightBits(WeightBits), .InputLanes(InputLanes), .WeightWordsPerBeat(WeightPack)
  ) u_array (
    .clk_i,
    .rst_ni,
    .start_i           (array_start),
    .first_i           (array_first),
    .row_groups_i      (array_row_groups),
    .columns_i         (array_columns),
    .output_groups_i   (array_output_groups),
    .input_groups_i    (array_input_groups),
    .top_i             (array_top),
    .left_i            (array_left),
    .kernel_rows_i     (run_q[nba_pkg::WordKernel*32 +: 8]),
    .kernel_columns_i  (run_q[nba_pkg::WordKernel*32+8 +: 8]),
    .row_stride_i      (row_stride),
    .column_stride_i   (column_stride),
    .height_i          (run_q[nba_pkg::WordInputSize*32 +: 16]),
    .width_i           (run_q[nba_pkg::WordInputSize*32+16 +: 16]),
    .zero_i            (run_q[nba_pkg::WordInputZero*32 +: SlotBits]),
    .signed_i          (flags[6]),
    .maximum_i         (flags[8]),
    .row_pitch_i       (row_pitch),
    .group_pitch_i     (group_pitch),
    .block_pitch_i     (block_pitch),
    .sum_column_pitch_i(run_q[nba_pkg::WordSumPitch*32 +: 16]),
    .sum_group_pitch_i (run_q[nba_pkg::WordSumPitch*32+16 +: 16]),
    .busy_o            (array_busy),
    .done_o            (array_done),
    .input_address_o   (input_address),
    .input_data_i      (input_data),
    .weight_address_o  (weight_address),
    .weight_data_i     (weight_data[WeightPack*WeightWordBits-1:0]),
    .sum_raddr_o       (sum_raddr),
    .sum_rdata_i       (sum_rdata),
    .sum_we_o          (sum_we),
    .sum_waddr_o       (sum_waddr),
    .sum_wdata_o       (sum_wdata)
  );

  nba_store #(
    .BusBits(BusBits), .Rows(Rows), .Outputs(Outputs), .Lanes(Requantizers), .HasAdd(HasAdd), .Tflite(Tflite),
    .OutputSlots(OutputSlots), .OperandSlots(OperandSlots), .SumRegisters(SumRegisters),
    .RequantizerRegisters(RequantizerRegisters)
  ) u_store (
    .clk_i,
    .rst_ni,
    .start_i              (store_start),
    .address_i            (store_address),
    .outer_i              (store_outer),
    .inner_i              (store_inner),
    .length_i             (store_length),
    .outer_stride_i       (store_outer_stride),
    .inner_stride_i       (store_inner_stride),
    .blocks_i             (store_blocks),
    .rows_i               (store_rows),
    .columns_i            (store_columns),
    .operand_blocks_i     (store_operand_blocks),
    .outstanding_i        (chip_write ? 5'd16 : outstanding_i),
    .pieces_i             (run_q[nba_pkg::WordKernel*32+16 +: 8]),
    .slot_i               (flags[11:10]),
    .zero_i               (run_q[nba_pkg::WordProductZero*32 +: 17]),
    .low_i                (run_q[nba_pkg::WordProductLow*32 +: 17]),
    .high_i               (run_q[nba_pkg::WordProductHigh*32 +: 17]),
    .spare_i              (run_q[nba_pkg::WordSpareValue*32 +: 17]),
    .sum_column_pitch_i   (run_q[nba_pkg::WordSumPitch*32 +: 16]),
    .sum_group_pitch_i    (run_q[nba_pkg::WordSumPitch*32+16 +: 16]),
    .add_i                (add),
    .single_i             (flags[14]),
    .operand_signed_i     (flags[9]),
    .operand_slot_i       (flags[13:12]),
    .operand_pitch_i      (operand_pitch),
    .add_multipliers_i    (run_q[nba_pkg::WordAddMultipliers*32 +: 32]),
    .add_right_multiplier_i (run_q[nba_pkg::WordAddRightMultiplier*32 +: 32]),
    .add_output_multiplier_i(run_q[nba_pkg::WordAddOutputMultiplier*32 +: 32]),
    .add_shift_i          (run_q[nba_pkg::WordAddShift*32 +: 32]),
    .add_left_zero_i      (run_q[nba_pkg::WordAddLeftZero*32 +: 17]),
    .add_right_zero_i     (run_q[nba_pkg::WordAddRightZero*32 +: 17]),
    .add_zero_i           (run_q[nba_pkg::WordAddZero*32 +: 17]),
    .add_low_i            (run_q[nba_pkg::WordAddLow*32 +: 17]),
    .add_high_i           (run_q[nba_pkg::WordAddHigh*32 +: 17]),
    .busy_o               (store_busy),
    .done_o               (store_done),
    .error_o              (store_error),
    .read_o               (store_read),
    .sum_address_o        (store_sum_address),
    .sum_data_i           (store_sum_data),
    .record_address_o     (record_address),
    .record_data_i        (record_data),
    .operand_address_o    (operand_address),
    .operand_data_i       (operand_data),
    .aw_valid_o           (store_aw_valid),
    .aw_ready_i           (chip_write || aw_ready_i),
    .aw_address_o,
    .aw_length_o,
    .w_valid_o            (store_w_valid),
    .w_ready_i            (chip_write || w_ready_i),
    .w_data_o,
    .w_last_o,
    .b_valid_i            (chip_write ? chip_b_valid : b_valid_i),
    .b_response_i         (chip_write ? 2'b00 : b_response_i)
  );

  assign error_o = read_error || store_error;

  logic array_ready, waits_for_reads, waits_for_sums;
  logic [31:0] busy_count_q, read_stall_q, sum_stall_q, write_stall_q;
  assign array_ready = running && array_valid && !array_busy;
  assign waits_for_reads = (array_wait_input && !full_input) || (array_wait_weights && !full_weights);
  assign waits_for_sums = array_first && !free_sums;
  assign counters_o = {write_stall_q, sum_stall_q, read_stall_q, busy_count_q};
  always_ff @(posedge clk_i) begin
    if (!rst_ni || rewind_i) begin
      busy_count_q <= '0;
      read_stall_q <= '0;
      sum_stall_q <= '0;
      write_stall_q <= '0;
    end else begin
      if (busy_o) busy_count_q <= busy_count_q + 32'd1;
      if (array_ready && waits_for_reads) read_stall_q <= read_stall_q + 32'd1;
      if (array_ready && !waits_for_reads && waits_for_sums) sum_stall_q <= sum_stall_q + 32'd1;
      if (w_valid_o && !w_ready_i) write_stall_q <= write_stall_q + 32'd1;
    end
  end
  // What each unit waits for, so that a run that stands still can be explained; then events.
  assign trace_o = {
    store_busy && (aw_valid_o && !aw_ready_i || w_valid_o && !w_ready_i), read_busy && ar_valid_o && !ar_ready_i,
    add && !full_operand, store_wait_parameters && !full_parameters, !full_sums, store_valid,
    array_first && !free_sums, array_wait_weights && !full_weights, array_wait_input && !full_input, array_valid,
    read_valid && !need_free, store_busy, array_busy, read_busy,
    layer_q, read_busy ? read_kind_now : read_kind, store_done, array_done, read_done, store_start, array_start,
    read_start, state_q == Run, busy_o
  };
  always_ff @(posedge clk_i) begin
    if (rst_ni) assert (!(array_busy && store_busy && sums_write_half == sums_read_half));
  end
endmodule
