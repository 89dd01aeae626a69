using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class MergingTests
{
    [Fact]
    public void The_later_value_wins() => Same("a = 2", "a = 1, a = 2");

    [Fact]
    public void Objects_of_the_same_key_are_merged() =>
        Same("a { x = 1, y = 3, z = 4 }", "a { x = 1, y = 2 }\na { y = 3, z = 4 }");

    [Fact]
    public void Objects_are_merged_at_every_level() => Same("a.b { c = 1, d = 2 }", "a { b { c = 1 } }, a.b.d = 2");

    [Fact]
    public void A_value_between_two_objects_hides_the_first() => Same("a { y = 2 }", "a { x = 1 }, a = 5, a { y = 2 }");

    [Fact]
    public void Null_between_two_objects_hides_the_first() => Same("a { y = 2 }", "a { x = 1 }, a = null, a { y = 2 }");

    [Fact]
    public void Objects_side_by_side_are_merged() => Same("a { x = 1, y = 3 }", "a = { x = 1, y = 2 } { y = 3 }");

    [Fact]
    public void Lists_side_by_side_are_appended() => Assert.Equal([1, 2, 3], Parsed("a = [1] [2, 3]").GetIntList("a"));

    [Fact]
    public void Lists_of_lists_stay_so() => Same("a = [[1, 2], [3, 4]]", "a = [[1, 2]\n[3, 4]]");

    [Fact]
    public void Objects_in_lists_are_joined_on_one_line_only() =>
        Same("a = [{x = 1, y = 2}, {z = 3}]", "a = [{x = 1} {y = 2}\n{z = 3}]");

    [Fact]
    public void Plus_equals_appends_one_item() => Assert.Equal([1, 2, 3], Parsed("a = [1]\na += 2\na += 3").GetIntList("a"));

    [Fact]
    public void Plus_equals_starts_a_list_where_there_is_none() =>
        Assert.Equal(["x y"], Parsed("a.b += x y").GetStringList("a.b"));

    [Fact]
    public void Plus_equals_on_what_is_no_list_is_refused() =>
        Assert.Equal("line 2: text and a list can't be joined into one value", Refused("a = 1\na += 2").Message);

    [Theory]
    [InlineData("a = {x = 1} [1]")]
    [InlineData("a = [1] x")]
    [InlineData("a = x {y = 1}")]
    public void Text_lists_and_objects_are_not_joined_with_one_another(string hocon) => Refused(hocon);

    [Fact]
    public void Objects_with_numbers_for_keys_are_lists()
    {
        Assert.Equal(["x", "y", "z"], Parsed("a.10 = z, a.0 = x, a.2 = y, a.other = 1").GetStringList("a"));
        Assert.Equal([1, 2], Parsed("a = [1]\na = ${a} {0 = 2}").GetIntList("a"));
    }

    [Theory]
    [InlineData("a = x \"y\" z", "x y z")]
    [InlineData("a = \"x\"\"y\"", "xy")]
    [InlineData("a = \" x \"   y", " x    y")]
    [InlineData("a = 1 2.50 true null", "1 2.50 true null")]
    [InlineData("a = \"\" x", " x")]
    public void Text_side_by_side_is_joined_with_the_spaces_between(string hocon, string expected) =>
        Assert.Equal(expected, Text(hocon, "a"));

    [Fact]
    public void Null_in_quotes_or_in_company_is_text()
    {
        Assert.Null(Text("a = null", "a"));
        Assert.Equal("null", Text("a = \"null\"", "a"));
        Assert.Equal("null 1", Text("a = null 1", "a"));
    }
}
