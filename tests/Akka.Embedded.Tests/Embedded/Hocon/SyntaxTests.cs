using Hocon;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class SyntaxTests
{
    [Fact]
    public void Json_is_hocon() => Same(
        """a { b = 1, c = [true, null, "x"] }""",
        """{ "a": { "b": 1, "c": [true, null, "x"] } }""");

    [Fact]
    public void Comments_reach_from_either_sign_to_the_end_of_the_line() => Same("a = 1, b = [2, 3]", """
        # first
        // second
        a = 1 # after a value
        b = [ 2 // between items
          # alone
          3 ]
        // last
        """);

    [Fact]
    public void Lines_may_end_as_on_windows() =>
        Same("a { b = x y, c = [1, 2] }", "a {\r\n  b = x y # comment\r\n  c = [\r\n1\r\n2\r\n]\r\n}\r\n");

    [Fact]
    public void Comment_signs_in_quotes_are_text() => Assert.Equal("#//", Text("a = \"#//\"", "a"));

    [Fact]
    public void A_single_slash_is_text() => Assert.Equal("/user/broker", Text("a = /user/broker", "a"));

    [Theory]
    [InlineData("{ a = 1 }")]
    [InlineData("\n\n{\n a = 1\n}\n # end\n")]
    [InlineData("a = 1")]
    [InlineData("\uFEFFa = 1")]
    public void Braces_around_the_root_may_be_left_out(string hocon) => Assert.Equal("1", Text(hocon, "a"));

    [Theory]
    [InlineData("{ a = 1")]
    [InlineData("a = 1 }")]
    [InlineData("{ a = 1 } b = 2")]
    [InlineData("[1] a = 1")]
    public void But_only_both_of_them(string hocon) => Refused(hocon);

    [Theory]
    [InlineData("a = {b : 1}")]
    [InlineData("a : {b = 1}")]
    [InlineData("a {b = 1}")]
    [InlineData("a{b:1}")]
    [InlineData("a.b = 1")]
    [InlineData("a =\n {\n b =\n 1 }")]
    [InlineData("\"a\".\"b\" = 1")]
    public void A_key_is_separated_from_its_value_by_either_sign_or_an_opening_brace(string hocon) =>
        Same("""{"a":{"b":1}}""", hocon);

    [Theory]
    [InlineData("a=[1,2,3]")]
    [InlineData("a=[1,2,3,]")]
    [InlineData("a=[1\n2\n3]")]
    [InlineData("a=[\n1\n\n,\n2,\n3\n,]")]
    public void Items_are_separated_by_commas_or_new_lines(string hocon) =>
        Assert.Equal([1, 2, 3], Parsed(hocon).GetIntList("a"));

    [Theory]
    [InlineData("a = [1,,2]")]
    [InlineData("a = [,1]")]
    [InlineData("a = 1,,b = 2")]
    [InlineData(",a = 1")]
    [InlineData("a = 1 2 b = 3")]
    public void Two_commas_or_one_in_front_are_refused(string hocon) => Refused(hocon);

    [Fact]
    public void Fields_are_separated_by_commas_or_new_lines() => Same("{a:1, b:2, c:3, d:4}", "a=1,b=2\nc=3\n,\nd=4,\n");

    [Fact]
    public void Unquoted_text_keeps_its_inner_spaces_and_loses_the_outer() =>
        Assert.Equal("a  b c", Text("x =  a  b c  # c", "x"));

    [Theory]
    [InlineData("x = a$b")]
    [InlineData("x = a@b")]
    [InlineData("x = a:b")]
    [InlineData("x = a`")]
    [InlineData("x = *")]
    [InlineData("x = a\\b")]
    public void Characters_with_a_meaning_need_quotes(string hocon) => Refused(hocon);

    [Fact]
    public void Escapes_are_those_of_json() =>
        Assert.Equal("\" \\ / \b \f \n \r \t é", Text("""x = "\" \\ \/ \b \f \n \r \t \u00e9" """, "x"));

    [Theory]
    [InlineData("x = \"\\q\"")]
    [InlineData("x = \"\\u12g4\"")]
    [InlineData("x = \"\\u12")]
    [InlineData("x = \"open")]
    [InlineData("x = \"two\nlines\"")]
    [InlineData("x = \"\"\"open\"\"")]
    [InlineData("x = ${open")]
    public void Unfinished_quotes_and_unknown_escapes_are_refused(string hocon) => Refused(hocon);

    [Fact]
    public void Three_quotes_hold_any_text_over_lines_without_escapes() =>
        Assert.Equal("a \\n \"b\"\n ${c} #", Text("x = \"\"\"a \\n \"b\"\n ${c} #\"\"\"", "x"));

    [Fact]
    public void Quotes_before_the_closing_three_belong_to_the_text() => Assert.Equal("a\"\"", Text("x = \"\"\"a\"\"\"\"\"", "x"));

    [Fact]
    public void Keys_are_cut_at_dots_outside_quotes()
    {
        var root = Parsed("a.\"b.c\".3.d e = 1");
        Assert.Equal(["a", "b.c", "3", "d e"], new[] { "a" }.Concat(Names(root.GetObject("a"))));
        Assert.Equal(1, root.GetInt("a.\"b.c\".3.d e"));
        Assert.False(root.HasPath("a.b.c"));

        static IEnumerable<string> Names(HoconObject o) =>
            o.SelectMany(f => f.Value.Type == HoconType.Object ? Names(f.Value.GetObject()).Prepend(f.Key) : [f.Key]);
    }

    [Theory]
    [InlineData("a..b = 1")]
    [InlineData(".a = 1")]
    [InlineData("a. = 1")]
    [InlineData("= 1")]
    [InlineData("a")]
    [InlineData("${a} = 1")]
    [InlineData("[a] = 1")]
    public void Keys_without_a_name_or_a_value_are_refused(string hocon) => Refused(hocon);

    [Fact]
    public void An_empty_name_can_be_quoted() => Assert.Equal("1", Text("a.\"\" = 1", "a.\"\""));

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public void Empty_text_is_refused(string hocon) => Refused(hocon);

    [Fact]
    public void The_root_can_be_a_list() => Assert.Equal([1, 2], Parsed("[1, 2]").Value.GetIntList());

    [Fact]
    public void An_error_names_line_column_and_key()
    {
        var error = Refused("a {\n  b = 1\n  c = ]\n}");
        Assert.Equal("line 3: expected a value in 'a.c', but found ']'", error.Message);
        Assert.Equal((3, 7), (error.LineNumber, error.LinePosition));
    }

    [Fact]
    public void Lines_count_on_after_quotes_over_lines() => Assert.Equal(4, Refused("a = \"\"\"x\n\n\"\"\"\nb = }").LineNumber);
}
