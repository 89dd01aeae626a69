using System.CommandLine;
using ActorBroker.Server.Commands.Dumping;

namespace ActorBroker.Server.Commands;

/// <summary><c>log dump</c>: what kafka-dump-log does. Reads files, talks to no broker.</summary>
internal static class LogCommand
{
    public static Command Create(CommandIo io) => new("log", "Look into the files of a log") { Dump(io) };

    private static Command Dump(CommandIo io)
    {
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Files that end in .log, .index, .timeindex, .txnindex or .snapshot",
        };
        var filesFlag = new Option<string?>("--files") { Description = "The same as a list with commas between" };
        var deep = new Option<bool>("--deep-iteration") { Description = "Show each record of a batch" };
        var data = new Option<bool>("--print-data-log") { Description = "Show keys and values too" };
        var offsets = new Option<bool>("--offsets-decoder") { Description = "Keys and values are those of __consumer_offsets" };
        var json = new Option<bool>("--json") { Description = "Write a line of JSON for each batch, record or entry" };
        var command = new Command("dump", "Write out the batches of a segment, or the entries of an index or producer snapshot")
        {
            files, filesFlag, deep, data, offsets, json,
        };
        command.SetAction(parsed =>
        {
            var listed = parsed.GetValue(filesFlag)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
            string[] all = [.. parsed.GetValue(files) ?? [], .. listed];
            if (all.Length == 0) throw new UsageException("Say which files to dump");
            var buffered = new BufferedStream(io.Out, 64 << 10);
            var output = new Output(io with { Out = buffered }, parsed.GetValue(json));
            var options = new DumpOptions(
                Records: parsed.GetValue(deep) || parsed.GetValue(data) || parsed.GetValue(offsets),
                Data: parsed.GetValue(data) || parsed.GetValue(offsets),
                DecodeOffsets: parsed.GetValue(offsets));
            var isSound = true;
            foreach (var file in all)
            {
                if (!output.IsJson) output.Line($"Dumping {file}");
                isSound &= DumpFile(output, file, options);
            }
            buffered.Flush();
            return isSound ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static bool DumpFile(Output output, string file, DumpOptions options)
    {
        if (!File.Exists(file)) throw new UsageException($"{file}: no such file");
        try
        {
            return Path.GetExtension(file) switch
            {
                ".log" => new BatchPrinter(output, options).Write(file),
                ".index" => new EntryPrinter(output).WriteOffsets(file),
                ".timeindex" => new EntryPrinter(output).WriteTimes(file),
                ".txnindex" => new EntryPrinter(output).WriteTransactions(file),
                ".snapshot" => new EntryPrinter(output).WriteProducers(file),
                var other => throw new UsageException(
                    $"{file}: cannot dump '{other}', only .log, .index, .timeindex, .txnindex and .snapshot"),
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message); // Not named after an offset.
        }
    }
}
