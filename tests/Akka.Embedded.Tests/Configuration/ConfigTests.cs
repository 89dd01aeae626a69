using Akka.Configuration;

namespace Akka.Embedded.Tests.Configuration;

public class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        broker {
          name = "one"
          port = 9092
          idle = 90 s
          buffer = 64 KiB
          tls = off
          ratio = 0.25
          hosts = [a, b]
          numbers = [1, 2, 3]
          empty = null
          inner { deep = yes }
        }
        """);

    [Fact]
    public void Values_are_read_as_what_the_program_needs()
    {
        Assert.Equal("one", Sample.GetString("broker.name"));
        Assert.Equal(9092, Sample.GetInt("broker.port"));
        Assert.Equal(9092L, Sample.GetLong("broker.port"));
        Assert.Equal(TimeSpan.FromSeconds(90), Sample.GetTimeSpan("broker.idle"));
        Assert.Equal(65536, Sample.GetByteSize("broker.buffer"));
        Assert.False(Sample.GetBoolean("broker.tls", true));
        Assert.Equal(0.25, Sample.GetDouble("broker.ratio"));
        Assert.Equal(0.25f, Sample.GetFloat("broker.ratio"));
        Assert.Equal(0.25m, Sample.GetDecimal("broker.ratio"));
        Assert.Equal(["a", "b"], Sample.GetStringList("broker.hosts"));
        Assert.Equal([1, 2, 3], Sample.GetIntList("broker.numbers"));
        Assert.Equal([1L, 2, 3], Sample.GetLongList("broker.numbers"));
        Assert.True(Sample.GetConfig("broker.inner")!.GetBoolean("deep"));
    }

    [Fact]
    public void Missing_values_give_the_default()
    {
        Assert.Null(Sample.GetString("nothing"));
        Assert.Equal("x", Sample.GetString("broker.nothing", "x"));
        Assert.Equal(0, Sample.GetInt("nothing.at.all"));
        Assert.Equal(7, Sample.GetInt("broker.name.below", 7));
        Assert.Null(Sample.GetByteSize("nothing"));
        Assert.Equal(TimeSpan.Zero, Sample.GetTimeSpan("nothing"));
        Assert.Equal(TimeSpan.FromSeconds(1), Sample.GetTimeSpan("nothing", TimeSpan.FromSeconds(1)));
        Assert.Empty(Sample.GetStringList("nothing"));
        Assert.Null(Sample.GetConfig("nothing"));
        Assert.False(Sample.HasPath("broker.nothing"));
    }

    [Fact]
    public void Null_counts_as_not_set_for_getters_but_the_path_exists()
    {
        Assert.True(Sample.HasPath("broker.empty"));
        Assert.Null(Sample.GetString("broker.empty"));
        Assert.Equal(3, Sample.GetInt("broker.empty", 3));
        Assert.Null(Sample.GetConfig("broker.empty"));
    }

    [Fact]
    public void Fallbacks_fill_in_what_the_first_does_not_have_and_objects_are_merged()
    {
        var config = ConfigurationFactory.ParseString("a { x = 1, y = 1 }, s = top")
            .WithFallback(ConfigurationFactory.ParseString("a { y = 2, z = 2 }, s { below = 1 }"))
            .WithFallback(ConfigurationFactory.ParseString("a { z = 3, w = 3 }, t = 3"));
        var a = config.GetConfig("a")!;
        Assert.Equal((1, 1, 2, 3), (a.GetInt("x"), a.GetInt("y"), a.GetInt("z"), a.GetInt("w")));
        Assert.Equal("top", config.GetString("s"));
        Assert.False(config.HasPath("s.below"));
        Assert.Equal(["a", "s", "t"], config.AsEnumerable().Select(field => field.Key));
        Assert.Equal(4, config.GetValue("a")!.GetObject()!.Items.Count);
    }

    [Fact]
    public void The_root_and_the_text_are_the_first_document_unless_fallbacks_are_asked_for()
    {
        var config = ConfigurationFactory.ParseString("a = 1").WithFallback(ConfigurationFactory.ParseString("b = 2"));
        Assert.Null(config.Root.GetChildObject("b"));
        Assert.Equal(ConfigurationFactory.ParseString("a = 1").ToString(), config.ToString());
        Assert.Equal(2, ConfigurationFactory.ParseString(config.ToString(includeFallback: true)).GetInt("b"));
        Assert.Equal(2, config.Fallback!.GetInt("b"));
    }

    [Fact]
    public void A_configuration_can_not_be_its_own_fallback()
    {
        Assert.Throws<ArgumentException>(() => Sample.WithFallback(Sample));
        Assert.Same(Sample, Sample.SafeWithFallback(Sample));
        Assert.Same(Sample, Sample.SafeWithFallback(null));
        Assert.Same(Sample, ((Config?)null).SafeWithFallback(Sample));
    }

    [Fact]
    public void Text_is_a_configuration_where_one_is_expected()
    {
        Config config = "a = 1";
        Assert.Equal(2, (config + "b = 2").GetInt("b"));
        Assert.Equal(1, ("a = 1" + ConfigurationFactory.ParseString("a = 2")).GetInt("a"));
    }

    [Fact]
    public void Empty_text_is_an_empty_configuration()
    {
        Assert.True(ConfigurationFactory.ParseString("  ").IsEmpty);
        Assert.True(ConfigurationFactory.ParseString("# nothing").IsNullOrEmpty());
        Assert.True(((Config?)null).IsNullOrEmpty());
        Assert.False(Config.Empty.WithFallback(Sample).IsEmpty);
    }

    [Fact]
    public void A_value_can_become_a_configuration_of_its_own()
    {
        var value = Sample.GetValue("broker.port")!;
        Assert.Equal(9092, value.AtKey("p").GetInt("p"));
        Assert.Equal(9092, Sample.GetValue("broker")!.ToConfig().GetInt("port"));
    }

    [Fact]
    public void Includes_are_parsed_by_the_callback()
    {
        var config = ConfigurationFactory.ParseString("""
            a { include "inner.conf" }
            b = ${a.x}
            """, name => ConfigurationFactory.ParseString($"x = {name.Length}").Root is var root
                ? new Akka.Configuration.Hocon.HoconRoot(root)
                : null!);
        Assert.Equal(10, config.GetInt("a.x"));
        Assert.Equal(10, config.GetInt("b"));
    }
}
