using Hocon;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class IncludeTests
{
    private readonly Dictionary<string, string> _files = [];
    private readonly List<(HoconCallbackType, string)> _asked = [];

    [Theory]
    [InlineData("include \"x.conf\"", HoconCallbackType.File)]
    [InlineData("include file(\"x.conf\")", HoconCallbackType.File)]
    [InlineData("include  required( file( \"x.conf\" ) ) # comment", HoconCallbackType.File)]
    [InlineData("include required(\"x.conf\")", HoconCallbackType.File)]
    [InlineData("include url(\"x.conf\")", HoconCallbackType.Url)]
    [InlineData("include required(url(\"x.conf\"))", HoconCallbackType.Url)]
    [InlineData("include classpath(\"x.conf\")", HoconCallbackType.Resource)]
    public void An_include_takes_over_the_fields_of_the_other_text(string statement, HoconCallbackType kind)
    {
        _files["x.conf"] = "a = 1, b = 1";
        Assert.Equal(HoconParser.Parse("a = 1, b = 2"), Parse($"a = 0\n{statement}\nb = 2"));
        Assert.Equal([(kind, "x.conf")], _asked);
    }

    [Fact]
    public void Its_fields_go_where_it_stands()
    {
        _files["x.conf"] = "{ c = 1 }";
        Assert.Equal(1, Parse("a { b { include \"x.conf\" } }").GetInt("a.b.c"));
    }

    [Fact]
    public void Its_substitutions_are_looked_for_below_the_place_first_and_in_the_whole_document_then()
    {
        _files["x.conf"] = "near = ${v}, far = ${w}, include \"y.conf\"";
        _files["y.conf"] = "deep = ${v}";
        var root = Parse("v = outer, w = outer, a { v = inner, include \"x.conf\" }");
        Assert.Equal(("inner", "outer", "inner"), (root.GetString("a.near"), root.GetString("a.far"), root.GetString("a.deep")));
    }

    [Fact]
    public void The_including_text_can_refer_to_the_included_one()
    {
        _files["x.conf"] = "list = [1]";
        Assert.Equal([1, 2], Parse("include \"x.conf\", list += 2").GetIntList("list"));
    }

    [Fact]
    public void A_relative_file_is_beside_the_file_that_includes_it()
    {
        _files["conf/a.conf"] = "include \"b.conf\", include \"/etc/c.conf\", include url(\"u\")";
        Parse("include \"conf/a.conf\"");
        Assert.Equal(["conf/a.conf", "conf/b.conf", "/etc/c.conf", "u"], _asked.Select(a => a.Item2));
    }

    [Fact]
    public void What_is_not_there_adds_nothing() => Assert.Equal(HoconParser.Parse("a = 1"), Parse("a = 1, include \"none\""));

    [Fact]
    public void Unless_it_is_required() => Assert.Equal(
        "line 2: the required include 'none' was not found",
        Assert.Throws<HoconParserException>(() => Parse("a = 1\ninclude required(file(\"none\"))")).Message);

    [Fact]
    public void A_missing_file_counts_as_not_there() =>
        Assert.Equal(1,
            HoconParser.Parse("a = 1, include \"x\"", (_, name) => throw new FileNotFoundException(name)).GetInt("a"));

    [Fact]
    public void Any_other_failure_is_reported_with_its_cause()
    {
        var error = Assert.Throws<HoconParserException>(
            () => HoconParser.Parse("include \"x\"", (_, _) => throw new IOException("disk on fire")));
        Assert.Equal("line 1: the include 'x' failed: disk on fire", error.Message);
        Assert.IsType<IOException>(error.InnerException);
    }

    [Fact]
    public void Errors_name_the_included_file_and_its_line()
    {
        _files["x.conf"] = "a = 1\nb = }";
        Assert.Equal("x.conf, line 2: expected a value in 'top.b', but found '}'",
            Assert.Throws<HoconParserException>(() => Parse("top {\n include \"x.conf\" }")).Message);
    }

    [Fact]
    public void Files_that_include_one_another_are_refused()
    {
        _files["x"] = "include \"y\"";
        _files["y"] = "include \"x\"";
        Assert.Contains("include one another", Assert.Throws<HoconParserException>(() => Parse("include \"x\"")).Message);
    }

    [Theory]
    [InlineData("include file(\"x\"")]
    [InlineData("include file(x)")]
    [InlineData("include \"x\" \"y\"")]
    [InlineData("include required()")]
    [InlineData("include \"\"")]
    public void Statements_of_another_shape_are_refused(string hocon) => Refused(hocon);

    [Fact]
    public void A_list_can_not_be_included()
    {
        _files["x"] = "[1]";
        Assert.Throws<HoconParserException>(() => Parse("include \"x\""));
    }

    [Theory]
    [InlineData("include = 1", "include")]
    [InlineData("include.x = 1", "include.x")]
    [InlineData("include { x = 1 }", "include.x")]
    [InlineData("\"include\" = 1", "include")]
    [InlineData("a = include, include me = 1", "include me")]
    public void Include_can_be_a_key(string hocon, string path) => Assert.Equal(1, Parsed(hocon).GetInt(path));

    private HoconRoot Parse(string text) => HoconParser.Parse(text, (kind, name) =>
    {
        _asked.Add((kind, name));
        return Task.FromResult(_files.GetValueOrDefault(name)!);
    });
}
