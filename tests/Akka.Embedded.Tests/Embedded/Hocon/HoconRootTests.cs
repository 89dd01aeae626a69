using Hocon;
using static Akka.Embedded.Tests.Embedded.Hocon.Read;

namespace Akka.Embedded.Tests.Embedded.Hocon;

public class HoconRootTests
{
    private static readonly HoconRoot Root =
        Parsed("a { b = 1, c = [x, y], d = text, e { f = on }, n = null }, list = [{v = 1}, {v = 2}]");

    [Fact]
    public void A_missing_value_without_a_default_is_an_error_that_names_the_path()
    {
        var error = Assert.Throws<HoconValueException>(() => Root.GetInt("a.zzz"));
        Assert.Equal(("a.zzz", "a.zzz is not set"), (error.FailPath, error.Message));
        Assert.Throws<HoconValueException>(() => Root.GetString("zzz"));
        Assert.Throws<HoconValueException>(() => Root.GetStringList("zzz"));
        Assert.Throws<HoconValueException>(() => Root.GetObject("zzz"));
    }

    [Fact]
    public void The_default_stands_in_for_missing_values_and_for_others_than_asked()
    {
        Assert.Equal(7, Root.GetInt("a.zzz", 7));
        Assert.Equal(7, Root.GetInt("a.d", 7));
        Assert.Equal(["z"], Root.GetStringList("zzz", ["z"])!);
        Assert.Equal(TimeSpan.FromSeconds(1), Root.GetTimeSpan("zzz", TimeSpan.FromSeconds(1)));
        Assert.Null(Root.GetByteSize("zzz", null));
        Assert.Null(Root.GetObject("zzz", null));
    }

    [Fact]
    public void Values_know_what_they_are()
    {
        Assert.Equal(HoconType.Object, Type("a"));
        Assert.Equal(HoconType.Array, Type("a.c"));
        Assert.Equal(HoconType.Number, Type("a.b"));
        Assert.Equal(HoconType.Boolean, Type("a.e.f"));
        Assert.Equal(HoconType.String, Type("a.d"));

        static HoconType Type(string path) => Root.TryGetValue(path, out var value) ? value.Type : HoconType.Empty;
    }

    [Fact]
    public void The_tree_can_be_walked()
    {
        Assert.Equal(["a", "list"], Root.AsEnumerable().Select(f => f.Key));
        var a = Root.GetObject("a");
        Assert.Equal(["b", "c", "d", "e", "n"], a.Keys);
        Assert.Equal("1", a["b"].GetString());
        Assert.Equal(["x", "y"], a["c"].GetArray().Select(v => v.GetString()));
        Assert.Equal([1, 2], Root.GetObjectList("list").Select(o => o["v"].Value.GetInt()));
        Assert.Equal("1", ((IDictionary<string, object?>)Root.Value.GetObject().Unwrapped["a"]!)["b"]);
        Assert.Throws<HoconException>(() => a.GetField("zzz"));
    }

    [Fact]
    public void Paths_can_be_taken_apart()
    {
        var path = HoconPath.Parse("a.\"b.c\".d");
        Assert.Equal((3, "d", "a.\"b.c\".d"), (path.Count, path.Key, path.ToString()));
        Assert.Equal(HoconPath.Parse("a.\"b.c\""), path.SubPath(2));
        Assert.True(Root.HasPath(HoconPath.Parse("a.e.f")));
        Assert.False(HoconPath.TryParse("a..b", out _));
        Assert.Throws<HoconValueException>(() => Root.GetInt("a..b"));
        Assert.Equal(3, Root.GetInt("a..b", 3));
    }

    [Fact]
    public void A_value_can_be_read_without_exceptions()
    {
        Assert.True(Root.TryGetValue("a.b", out var one) && one.TryGetInt(out var number) && number == 1);
        Assert.True(Root.TryGetValue("a.d", out var text) && !text.TryGetInt(out _) && !text.TryGetObject(out _));
    }

    [Fact]
    public void The_text_of_a_root_parses_to_an_equal_root()
    {
        Assert.Equal(Root, Parsed(Root.PrettyPrint(4)));
        Assert.Equal(Root, Parsed(Root.ToString()));
        Assert.NotEqual(Root, Parsed("a = 1"));
    }

    [Fact]
    public void Pretty_printing_indents_by_what_is_asked() =>
        Assert.Equal("{\n   a : {\n      \"b c\" : [1, \"x y\"]\n      d : {}\n   }\n}",
            Parsed("a { b c = [1, x y], d {} }").PrettyPrint(3));
}
