namespace ActorBroker.Core.Controller;

/// <summary>What was answered last, so that a request that is repeated because its answer was lost is not carried out
/// twice.</summary>
/// <typeparam name="TAnswer">The whole answer.</typeparam>
public sealed class RecentAnswers<TAnswer>(int max)
{
    private readonly Dictionary<(UInt128 Asker, long Number), TAnswer> _answers = [];
    private readonly Queue<(UInt128, long)> _order = new();

    public bool TryGet(UInt128 asker, long number, out TAnswer answer) => _answers.TryGetValue((asker, number), out answer!);

    public void Add(UInt128 asker, long number, TAnswer answer)
    {
        if (!_answers.TryAdd((asker, number), answer)) return;
        _order.Enqueue((asker, number));
        if (_order.Count > max) _answers.Remove(_order.Dequeue());
    }
}
