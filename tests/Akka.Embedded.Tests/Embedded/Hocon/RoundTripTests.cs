using FsCheck;
using FsCheck.Fluent;
using Hocon.Syntax;
using AkkaConfig = Akka.Configuration.Config;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class RoundTripTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements("null", "true", "12", "", " ", "a b", "${a}", "#", "\"\"\"", "include", "a.b", "0x", "-", "\\", "{",
            "\u2028"));

    [Fact]
    public void What_is_written_parses_to_the_same_tree() =>
        Prop.ForAll(Trees(3).ToArbitrary(), tree => NodeEquality.Equal(tree, Parse(tree.ToString())))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Fallbacks_may_be_grouped_in_any_way_and_an_empty_one_changes_nothing() =>
        Prop.ForAll(Trees(3).ToArbitrary(), Trees(3).ToArbitrary(), Trees(3).ToArbitrary(), (first, second, third) =>
        {
            var (a, b, c) = (new AkkaConfig(first, null), new AkkaConfig(second, null), new AkkaConfig(third, null));
            return Same(a.WithFallback(b).WithFallback(c), a.WithFallback(b.WithFallback(c)))
                && Same(a.WithFallback(AkkaConfig.Empty), a)
                && Same(AkkaConfig.Empty.WithFallback(a), a)
                && Same(a.WithFallback(new AkkaConfig(first, null)), a);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_text_after_another_is_the_second_over_the_first() =>
        Prop.ForAll(Trees(3).ToArbitrary(), Trees(3).ToArbitrary(), (first, second) =>
            NodeEquality.Equal(second.WithFallback(first), Parse(Bare(first) + "\n" + Bare(second)))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_key_survives_being_a_path() =>
        Prop.ForAll(AnyText.NonEmptyListOf().ToArbitrary(), names =>
            KeyPath.Parse(KeyPath.Render(names)).SequenceEqual(names)).QuickCheckThrowOnFailure();

    private static bool Same(AkkaConfig a, AkkaConfig b) => NodeEquality.Equal(a.Merged, b.Merged);

    private static Map Parse(string text) => (Map)DocumentParser.Parse(text, _ => null, _ => null);

    private static string Bare(Map tree) => tree.Count == 0 ? "" : tree.ToString()[1..^1];

    private static Gen<Map> Trees(int depth) =>
        from keys in Gen.Elements("a", "b", "c", "d e", "f.g").ListOf()
        from values in Values(depth).ListOf(keys.Count)
        select new Map(new OrderedDictionary<string, Node>(keys.Zip(values).DistinctBy(p => p.First)
            .Select(p => KeyValuePair.Create(p.First, p.Second))), default);

    private static Gen<Node> Values(int depth)
    {
        var scalars = from text in AnyText
                      from quoted in Gen.Elements(true, false)
                      select (Node)new Scalar(text, quoted || text != "null", default);
        if (depth == 0) return scalars;
        var lists = from items in Values(depth - 1).ListOf() select (Node)new Sequence([.. items], default);
        return Gen.Frequency((3, scalars), (1, lists.Resize(4)), (2, Trees(depth - 1).Resize(4).Select(tree => (Node)tree)));
    }
}
