using Hocon;
using Hocon.Syntax;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class SubstitutionTests
{
    [Theory]
    [InlineData("a = ${b}, b = 1")]
    [InlineData("b = 1, a = ${b}")]
    [InlineData("b = 1, a = ${?b}")]
    [InlineData("b.\"d.e\" = 1, a = ${b.\"d.e\"}")]
    [InlineData("b { c = 1 }, a = ${ b.c }")]
    public void A_substitution_is_the_value_of_another_key_wherever_it_stands(string hocon) =>
        Assert.Equal("1", Text(hocon, "a"));

    [Fact]
    public void The_last_value_of_the_other_key_counts() => Assert.Equal("2", Text("b = 1, a = ${b}, b = 2", "a"));

    [Fact]
    public void Substitutions_take_whole_objects_and_lists() =>
        Same("a { x = 1 }, b { x = 1 }, c = [1], d = [1]", "a { x = 1 }, b = ${a}, c = [1], d = ${c}");

    [Fact]
    public void An_object_can_extend_another() => Same(
        "base { x = 1, y = 1 }, a { x = 1, y = 2, z = 3 }",
        "base { x = 1, y = 1 }\na = ${base} { y = 2 }\na.z = 3");

    [Fact]
    public void The_spaces_between_substitutions_in_text_are_kept() =>
        Assert.Equal("x y", Text("a = x, b = y, c = ${a} ${b}", "c"));

    [Fact]
    public void Substitutions_are_not_looked_for_in_quotes() => Assert.Equal("${a}", Text("a = 1, b = \"${a}\"", "b"));

    [Fact]
    public void A_substitution_that_leads_nowhere_is_refused() => Assert.Equal(
        "line 2: ${no.such} leads to nothing: no such key (or only itself), and no environment variable of that name",
        Refused("a = 1\nb = ${no.such}").Message);

    [Fact]
    public void An_optional_one_leaves_what_is_around_it() => Same(
        "c = x, d = [1], e { y = 1 }, f = null",
        "a = ${?none}, c = x ${?none}, d = [${?none}, 1] ${?none}, e = ${?none} { y = 1 }, f = null");

    [Fact]
    public void An_optional_one_leaves_the_earlier_value() => Assert.Equal("1", Text("a = 1\na = ${?none}", "a"));

    [Fact]
    public void Environment_variables_fill_in_what_the_document_does_not_have()
    {
        var map = (Map)DocumentParser.Parse(
            "port = 1\nport = ${?BROKER_PORT}\nhome = ${BROKER_HOME}/data\nown = ${BROKER_OWN}\nBROKER_OWN = here\nlist = [${?BROKER_PORT}]",
            _ => null,
            name => name switch { "BROKER_PORT" => "9092", "BROKER_HOME" => "/srv", "BROKER_OWN" => "there", _ => null });
        Assert.Equal(["9092", "/srv/data", "here"], new[] { "port", "home", "own" }.Select(key => Scalars.Text(map[key]!)));
    }

    [Fact]
    public void The_real_environment_is_asked() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Text("a = ${PATH}", "a"));

    [Fact]
    public void A_key_can_refer_to_its_own_earlier_value()
    {
        Assert.Equal("/bin:/usr/bin", Text("path = /bin\npath = ${path}\":/usr/bin\"", "path"));
        Assert.Equal([1, 2, 3], Parsed("a = [1], a = ${a} [2], a = ${a} [3]").GetIntList("a"));
        Same("a { x = 1, y = 2 }", "a { x = 1 }, a = ${a} { y = 2 }");
    }

    [Fact]
    public void Without_an_earlier_value_that_is_refused_unless_it_is_optional()
    {
        Refused("a = ${a}");
        Refused("a = ${a} [1]");
        Assert.Equal([1], Parsed("a = ${?a} [1]").GetIntList("a"));
        Assert.False(Parsed("a = ${?a}, b = 1").HasPath("a"));
    }

    [Fact]
    public void Who_refers_to_a_key_that_refers_to_itself_gets_its_last_value() =>
        Assert.Equal("xyz", Text("b = ${a}z, a = x, a = ${a}y", "b"));

    [Fact]
    public void An_object_may_refer_to_its_own_fields()
    {
        Assert.Equal("43", Text("bar { foo = 42, baz = ${bar.foo} }\nbar { foo = 43 }", "bar.baz"));
        Same("a { b = 1, c { d = 1 } }", "a { b = 1, c { d = ${a.b} } }");
    }

    [Fact]
    public void A_field_may_refer_to_what_its_object_was_before() =>
        Same("bar { a = { x = 1 } }", "bar = { a = { x = 1 } }, bar.a = ${bar.a}");

    [Fact]
    public void Two_objects_may_refer_to_fields_of_each_other() =>
        Same("bar { a = 4, b = 3 }, foo { c = 3, d = 4 }",
            "bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4");

    [Theory]
    [InlineData("a = ${b}, b = ${a}")]
    [InlineData("a = ${b}, b = ${c}, c = ${a}")]
    [InlineData("a { b = ${a} }")]
    [InlineData("a = [${a}]")]
    [InlineData("a = ${b.c}, b { c = ${a} }")]
    public void Circles_are_refused(string hocon) => Refused(hocon);

    [Fact]
    public void What_was_seen_half_done_is_not_kept()
    {
        // b is first asked for by a, while a is under way; on its own it has the whole of a.
        var root = Parsed("a = 1, a = ${b}2, b = 0, b = ${?b}${?a}");
        Assert.Equal("012", root.GetString("a"));
        Assert.Equal("0012", root.GetString("b"));
    }

    [Fact]
    public void Layers_of_references_and_objects_are_merged_in_their_order() => Same(
        "b { x = 1, y = 1 }, a { x = 2, y = 1, z = 3, w = 0 }",
        "b { x = 1, y = 1 }, a { x = 0, w = 0 }, a = ${b}, a { x = 2, z = 3 }");

    [Fact]
    public void A_value_that_is_no_object_hides_older_ones_from_references_too() =>
        Same("a { o { y = 2 }, r { y = 2 } }", "a { o { x = 1 }, r = ${a.o} }, a.o = 5, a.o { y = 2 }");

    [Fact]
    public void A_reference_reaches_through_a_reference() =>
        Assert.Equal("1", Text("b { x { y = 1 } }, a = ${b}, c = ${a.x.y}", "c"));
}
