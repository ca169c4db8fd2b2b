// Layout of descriptors and tables, shared by nba_chunk and its units. src/lower/descriptor.ts holds the same
// figures; a test compares the two.
package nba_pkg;
  // Words of a layer's descriptor (nba_descriptor).
  localparam int unsigned DescriptorWords = 38;
  localparam int unsigned WordFlags = 0;
  localparam int unsigned WordInputSize = 1;
  localparam int unsigned WordTiles = 2;
  localparam int unsigned WordSteps = 3;
  localparam int unsigned WordKernel = 4;
  localparam int unsigned WordInputZero = 5;
  localparam int unsigned WordProductZero = 6;
  localparam int unsigned WordProductLow = 7;
  localparam int unsigned WordProductHigh = 8;
  localparam int unsigned WordRowPitch = 9;
  localparam int unsigned WordBlockPitch = 10;
  localparam int unsigned WordSumPitch = 11;
  localparam int unsigned WordInputBase = 12;
  localparam int unsigned WordOutputBase = 13;
  localparam int unsigned WordOperandBase = 14;
  localparam int unsigned WordWeightBase = 15;
  localparam int unsigned WordParameterBase = 16;
  localparam int unsigned WordInputRing = 17;
  localparam int unsigned WordOutputRing = 18;
  localparam int unsigned WordOperandRing = 19;
  localparam int unsigned WordInputPlane = 20;
  localparam int unsigned WordOutputPlane = 21;
  localparam int unsigned WordOutputWidth = 22;
  localparam int unsigned WordTables = 23;
  localparam int unsigned WordChannelTables = 24;
  localparam int unsigned WordDelay = 25;
  localparam int unsigned WordAddMultipliers = 26;
  localparam int unsigned WordAddShift = 27;
  localparam int unsigned WordAddLeftZero = 28;
  localparam int unsigned WordAddRightZero = 29;
  localparam int unsigned WordAddZero = 30;
  localparam int unsigned WordAddLow = 31;
  localparam int unsigned WordAddHigh = 32;
  localparam int unsigned WordOperandPitch = 33;
  localparam int unsigned WordSpareValue = 34;
  localparam int unsigned WordAddRightMultiplier = 35;
  localparam int unsigned WordAddOutputMultiplier = 36;
  localparam int unsigned WordPrologueBeats = 37;

  // Flag bits of what lies in on-chip memory: read kinds in order, then the output.
  localparam int unsigned FlagChipReads = 26;
  localparam int unsigned FlagChipOutput = 30;

  // Kinds of read commands.
  localparam logic [1:0] KindInput = 2'd0;
  localparam logic [1:0] KindWeights = 2'd1;
  localparam logic [1:0] KindParameters = 2'd2;
  localparam logic [1:0] KindOperand = 2'd3;

  // Words of one table entry for each walker, and the word that carries the step flags.
  localparam int unsigned ReadEntryWords = 5;
  localparam int unsigned ArrayEntryWords = 2;
  localparam int unsigned StoreEntryWords = 3;
  localparam int unsigned ReadFlagWord = 2;
  localparam int unsigned ArrayFlagWord = 1;
  localparam int unsigned StoreFlagWord = 2;

  // Step flags.
  localparam int unsigned FlagFirst = 0;
  localparam int unsigned FlagLast = 1;
  localparam int unsigned FlagNewInput = 2;
  localparam int unsigned FlagReleaseInput = 3;

  // Memories of the program window of one chunk.
  localparam logic [1:0] ProgramDescriptor = 2'd0;
  localparam logic [1:0] ProgramRead = 2'd1;
  localparam logic [1:0] ProgramArray = 2'd2;
  localparam logic [1:0] ProgramStore = 2'd3;
endpackage
