using System.Collections.Concurrent;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>The extensions of a system; each is made once, by whoever asks first.</summary>
internal sealed class ExtensionRegistry(ActorSystemImpl system)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _byType = new();

    public object Register(IExtensionId id)
    {
        var entry = _byType.GetOrAdd(id.ExtensionType,
            static (_, made) => new Lazy<object>(() => made.id.CreateExtension(made.system)
            ?? throw new InvalidOperationException($"{made.id.GetType()} made no extension.")), (id, system));
        try
        {
            return entry.Value;
        }
        catch
        {
            _byType.TryRemove(new KeyValuePair<Type, Lazy<object>>(id.ExtensionType, entry)); // It may be tried again.
            throw;
        }
    }

    public bool TryGet(Type type, out object extension)
    {
        var found = _byType.TryGetValue(type, out var entry);
        extension = found ? entry!.Value : null!;
        return found;
    }

    /// <summary>Makes those that <c>akka.extensions</c> lists.</summary>
    public void LoadConfigured()
    {
        foreach (var name in system.Settings.Config.GetStringList("akka.extensions", []))
        {
            var type = TypeNames.Require(name, "akka.extensions");
            if (Activator.CreateInstance(type) is not IExtensionId id)
                throw new Configuration.ConfigurationException($"[akka.extensions] names [{name}], which is no IExtensionId.");
            Register(id);
        }
    }

    /// <summary>Those that have something to do at the end.</summary>
    public IEnumerable<IDisposable> Disposables => _byType.OrderBy(e => e.Key.FullName, StringComparer.Ordinal)
        .Where(e => e.Value.IsValueCreated).Select(e => e.Value.Value).OfType<IDisposable>();
}
