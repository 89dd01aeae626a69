using FsCheck;
using FsCheck.Fluent;
using Hocon;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

/// <summary>Whatever the text is, parsing ends soon, with a value or a <see cref="HoconParserException"/>.</summary>
public class HostileInputTests
{
    private static readonly string[] Pieces =
    [
        "a", "b", "a.b", "\"q\"", "\"\"\"t\n\"\"\"", "{", "}", "[", "]", ",", "\n", " ", "=", ":", "+=", "${a}", "${?a.b}",
        "${b}", "#", "//",
        "include", "include \"x\"", "file(", ")", "null", "1", "-", ".", "$", "\"", "\\", "+", "\0", "é", "\uFEFF",
    ];

    [Fact]
    public void Random_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Survives(text ?? ""))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Random_pieces_of_hocon() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Survives)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000).WithEndSize(60));

    [Fact]
    public void A_good_text_with_something_cut_out_or_put_in() =>
        Prop.ForAll(
            (from at in Gen.Choose(0, Good.Length)
             from cut in Gen.Choose(0, 6)
             from piece in Gen.Elements(Pieces)
             select Good[..at] + piece + Good[Math.Min(Good.Length, at + cut)..]).ToArbitrary(),
            Survives).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private const string Good = """
        base { x = 1, list = [1, 2] } # comment
        derived = ${base} { y = ${base.x}s }
        derived.list += ${?ENVIRONMENT_OF_TESTS}
        include required("x")
        text = "a\n" ${base.x} b
        more : [ { a = 1 } {b = 2}, [ 3 ] ]
        """;

    [Theory]
    [InlineData("[", "]")]
    [InlineData("a {", "}")]
    [InlineData("a = [{", "}]")]
    public void Deep_nesting_is_refused_not_followed(string open, string close)
    {
        Refused($"x = {Repeat("[", 100_000)}");
        Assert.Contains("nested more than",
            Refused((open == "[" ? "x = " : "") + Repeat(open, 5000) + Repeat(close, 5000)).Message);
    }

    [Fact]
    public void Long_paths_are_refused_not_followed()
    {
        Assert.Contains("nested more than", Refused($"{Repeat("a.", 100_000)}a = 1").Message);
        Refused($"x = ${{{Repeat("a.", 100_000)}a}}");
        Assert.False(Parsed("a = 1").HasPath($"{Repeat("a.", 100_000)}a"));
    }

    [Fact]
    public void Long_chains_of_substitutions_are_refused_not_followed() =>
        Assert.Contains("wait for one another",
            Refused(string.Join('\n',
                Enumerable.Range(0, 50_000).Select(i => $"a{i} = ${{a{i + 1}}}")) + "\na50000 = 1").Message);

    [Fact]
    public void Chains_of_deep_paths_and_lists_do_not_overflow_the_stack()
    {
        var path = Repeat("p.", 200);
        Refused(string.Join('\n',
            Enumerable.Range(0, 500).Select(i => $"{path}x{i} = {Repeat("[", 50)}${{{path}x{i + 1}}}{Repeat("]", 50)}")));
    }

    [Theory]
    [InlineData("a0 = xxxxxxxxxxxxxxxxxxxx", "a{0} = ${a{1}}${a{1}}")]
    [InlineData("a0 = [1, 2, 3, 4]", "a{0} = ${a{1}} ${a{1}}")]
    [InlineData("a0 { x = 1 }", "a{0} = ${a{1}} ${a{1}} { k{0} = ${a{1}} }")]
    public void Substitutions_that_double_are_refused_before_they_fill_the_memory(string first, string next) =>
        Survives(first + "\n" + string.Join(
            '\n', Enumerable.Range(1, 100).Select(i => next.Replace("{0}", $"{i}").Replace("{1}", $"{i - 1}"))));

    [Fact]
    public void Circles_of_optional_substitutions_end() =>
        Survives(string.Join('\n', Enumerable.Range(0, 60).Select(i => $"a{i} = ${{?a{(i + 1) % 60}}}${{?a{(i + 7) % 60}}}x")));

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static bool Survives(string text)
    {
        try
        {
            var root = HoconParser.Parse(text, (_, _) => Task.FromResult("a = [${?b}], b += 1"));
            return root.ToString().Length >= 0 && root.GetInt("a.b", 3) is var _;
        }
        catch (HoconParserException)
        {
            return true;
        }
    }
}
