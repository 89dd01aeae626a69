using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Clients;

/// <summary>A Kafka client that is no part of this project, driven as a program.</summary>
internal abstract class KafkaClient(string name)
{
    public static readonly KafkaClient Kcat = new Kcat();
    public static readonly KafkaClient Confluent =
        new ClientProgram("confluent-kafka", Python.WithModule("confluent_kafka"), "confluent.py");
    public static readonly KafkaClient KafkaPython =
        new ClientProgram("kafka-python", Python.WithModule("kafka"), "kafkapython.py");
    public static readonly KafkaClient KafkaJs =
        new ClientProgram("kafkajs", Node.WithKafkaJs(), Path.Combine("node", "kafkajs.js"));

    public static IReadOnlyList<KafkaClient> All { get; } = [Kcat, Confluent, KafkaPython, KafkaJs];

    public string Name => name;

    /// <summary>Null, or why this client cannot be used on this machine.</summary>
    public abstract string? Missing { get; }

    public static KafkaClient Named(string name) => All.Single(client => client.Name == name);

    /// <summary>Skips the test that needs this client where it is not installed.</summary>
    public KafkaClient OrSkip()
    {
        Skip.If(Missing is not null, Missing);
        return this;
    }

    /// <summary>Produces with acks=all and returns when everything is acknowledged.</summary>
    public abstract Task ProduceAsync(string bootstrap, string topic, IEnumerable<SentRecord> records, string codec = "none");

    /// <summary>Consumes <paramref name="count"/> records from the beginning.</summary>
    public abstract Task<IReadOnlyList<SeenRecord>> ConsumeAsync(string bootstrap, string topic, int count, string? group = null);

    public override string ToString() => Name;

    /// <summary>The first of <paramref name="programs"/> that runs with these arguments and ends with 0.</summary>
    protected static string? FirstThatRuns(IEnumerable<string> programs, params string[] arguments)
    {
        foreach (var program in programs)
        {
            try
            {
                // Elsewhere, as others may wait here for the same answer: with threads that it would need.
                Task.Run(() => ChildProcess.RunAsync(program, arguments)).GetAwaiter().GetResult();
                return program;
            }
            catch (Exception cause) when (cause is ProcessFailedException or System.ComponentModel.Win32Exception)
            {
                // Not there, or without the module: the next one may have it.
            }
        }

        return null;
    }

    /// <summary>A Python that can import <c>module</c>: Debian's packages are only seen by Debian's own.</summary>
    private static class Python
    {
        public static string? WithModule(string module) =>
            FirstThatRuns(["/usr/bin/python3", "python3"], "-c", "import " + module);
    }

    private static class Node
    {
        public static string? WithKafkaJs() =>
            Directory.Exists(Path.Combine(Repository.Clients, "node", "node_modules", "kafkajs"))
            ? FirstThatRuns(["node"], "--version")
            : null;
    }
}
