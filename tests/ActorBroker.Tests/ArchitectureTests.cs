using System.Reflection;
using System.Xml.Linq;

namespace ActorBroker.Tests;

/// <summary>References point down: Server to Client and ActorBroker, those to Core and Journal, those to Protocol.</summary>
public class ArchitectureTests
{
    private static readonly string[] Ours =
        ["ActorBroker.Protocol", "ActorBroker.Journal", "ActorBroker.Core", "ActorBroker.Broker", "ActorBroker.Client"];

    [Theory]
    [InlineData("ActorBroker.Protocol")]
    [InlineData("ActorBroker.Core", "ActorBroker.Protocol")]
    [InlineData("ActorBroker.Journal", "ActorBroker.Protocol")]
    [InlineData("ActorBroker.Broker", "ActorBroker.Core", "ActorBroker.Journal", "ActorBroker.Protocol")]
    public void A_project_refers_to_those_below_it_only(string assembly, params string[] allowed) =>
        Assert.Empty(References(assembly).Intersect(Ours).Except(allowed));

    [Fact]
    public void Project_files_refer_downwards_too()
    {
        var allowed = new Dictionary<string, string[]>
        {
            ["ActorBroker.Protocol"] = [],
            ["ActorBroker.Core"] = ["ActorBroker.Protocol"],
            ["ActorBroker.Journal"] = ["ActorBroker.Protocol"],
            ["ActorBroker"] = ["ActorBroker.Core", "ActorBroker.Journal", "ActorBroker.Protocol"],
            ["ActorBroker.Client"] = ["ActorBroker.Protocol"],
            ["ActorBroker.Server"] =
                ["ActorBroker", "ActorBroker.Client", "ActorBroker.Core", "ActorBroker.Journal", "ActorBroker.Protocol"],
            ["Akka.Embedded"] = [],
            ["Akka.Embedded.TestKit"] = ["Akka.Embedded"],
        };
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ActorBroker.sln"))) root = root.Parent;
        foreach (var file in Directory.GetFiles(Path.Combine(root.FullName, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var references = XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.Empty(references.Except(allowed[Path.GetFileNameWithoutExtension(file)]));
        }
    }

    [Theory]
    [InlineData("ActorBroker.Core")]
    public void Rules_know_no_actors_and_no_libraries(string assembly) =>
        Assert.All(
            References(assembly),
            name => Assert.True(name.StartsWith("System", StringComparison.Ordinal) || name == "ActorBroker.Protocol", name));

    [Fact]
    public void Akka_is_known_to_the_broker_and_to_the_persistence_face_of_the_journal_only()
    {
        Assert.DoesNotContain(References("ActorBroker.Core"), IsAkka);
        var outside = Assembly.Load("ActorBroker.Journal").GetTypes()
            .Where(
                type =>
                    type.Namespace is { } name && !name.StartsWith("ActorBroker.Journal.Persistence", StringComparison.Ordinal))
            .Where(type => Mentioned(type).Any(t => IsAkka(t.Assembly.GetName().Name!)));
        Assert.Empty(outside);
        var actorMessages = Assembly.Load("ActorBroker.Protocol").GetTypes()
            .Where(
                type => type.Namespace is { } name && !name.StartsWith("ActorBroker.Protocol.Actors", StringComparison.Ordinal))
            .Where(type => Mentioned(type).Any(t => IsAkka(t.Assembly.GetName().Name!)));
        Assert.Empty(actorMessages);
    }

    [Fact]
    public void Nothing_of_the_embedded_runtime_s_own_is_used_by_the_broker() =>
        Assert.DoesNotContain(
            Assembly.Load("ActorBroker.Broker").GetTypes().SelectMany(Mentioned),
            type => type.Namespace?.StartsWith("Akka.Embedded", StringComparison.Ordinal) == true);

    private static bool IsAkka(string assembly) => assembly == "Akka" || assembly.StartsWith("Akka.", StringComparison.Ordinal);

    private static IEnumerable<string> References(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!);

    /// <summary>Types in a type's own shape: base, interfaces, fields, signatures.</summary>
    private static IEnumerable<Type> Mentioned(Type type)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.BaseType is { } parent) yield return parent;
        foreach (var face in type.GetInterfaces()) yield return face;
        foreach (var field in type.GetFields(All)) yield return field.FieldType;
        foreach (var method in type.GetMethods(All))
        {
            yield return method.ReturnType;
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
        }
        foreach (var constructor in type.GetConstructors(All))
            foreach (var parameter in constructor.GetParameters()) yield return parameter.ParameterType;
    }
}
