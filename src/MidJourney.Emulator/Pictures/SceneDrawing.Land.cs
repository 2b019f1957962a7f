using System.Numerics;

namespace MidJourney.Emulator.Pictures;

internal sealed partial class SceneDrawing
{
    private void Land()
    {
        var ground = _palette.Lit(_snowy ? 0xeef3fb : Any(Things.Desert) ? 0xdca462 : Any(Things.Forest) ? 0x557a40 : 0x7c9c4a);
        var far = Vector3.Lerp(ground, _palette.Horizon, 0.5f);
        Hill(new Paint(far, ground * 0.9f), _horizon, _layout.Curve(Any(Things.Desert) ? 0.05f : 0.025f, 0.9f, 3));
        if (Any(Things.Forest) || _snowy)
            Row(_horizon + 0.02f, 0.13f, 26, 0.5f);
        Hill(new Paint(Vector3.Lerp(ground, _palette.Horizon, 0.2f), ground * 0.8f), _middle - 0.03f, _layout.Curve(0.035f, 1.1f, 3));
        if (Any(Things.House))
            Part(Village);
        if (Any(Things.Train))
            Part(Railway);
        if (!Any(Things.Forest) && !Any(Things.Flower) && !Any(Things.Desert) && !_snowy && !Any(Things.House))
            return;
        // What is near must not hide a train.
        float near = Math.Max(Height - 0.23f, _middle + (Any(Things.Train) ? 0.13f : 0.05f));
        Hill(new Paint(ground, ground * 0.62f), near, _layout.Curve(0.03f, 1.4f, 2));
        Growth(Any(Things.Train) ? near + 0.03f : _middle + 0.04f, Height - 0.08f, Any(Things.Flower) ? 46 : Any(Things.Train) ? 6 : 9);
    }

    private void Village()
    {
        for (int i = 0; i < 3; i++)
            _props.House(At(_main + ((i - 1) * 0.25f * _closeness), _middle + 0.02f + (i % 2 * 0.03f), (i == 1 ? 0.26f : 0.17f) * _closeness), _layout);
    }

    private void Railway()
    {
        float level = _middle + 0.07f;
        var gravel = _palette.Lit(_snowy ? 0xc3ccd9 : 0x857a6c);
        _canvas.FillBox(new Paint(gravel, gravel * 0.75f), -1, level, Width + 1, level + 0.04f);
        for (float x = -0.5f; x < Width + 0.5f; x += 0.035f)
            At(x, level + 0.012f, 0.018f).Box(_palette.Lit(0x4a3a30), 0, 0, 1, 0.5f);
        _canvas.FillBox(_palette.Lit(0x9aa2ae), -1, level - 0.003f, Width + 1, level + 0.003f);
        _props.Train(At(TrainFront, level, 0.26f * (0.55f + (_closeness * 0.45f)), _toTheLeft), _layout, 5);
    }

    /// <summary>Trees far away, as one dark edge.</summary>
    private void Row(float level, float size, int count, float far)
    {
        var color = _palette.Far(_snowy ? 0x8ea2b5 : 0x2f5540, far);
        for (int i = 0; i < count; i++)
        {
            var tree = At(((i + _layout.Between(-0.4f, 0.4f)) / (count - 1) * (Width + 0.4f)) - 0.2f, level + _layout.Between(0, 0.02f),
                size * _layout.Between(0.6f, 1.1f));
            tree.Shape(color * _layout.Between(0.9f, 1.08f), (-0.25f, 0), (0.25f, 0), (0, 1));
        }
    }

    /// <summary>What grows on the ground, from far to near.</summary>
    private void Growth(float top, float bottom, int count)
    {
        for (int i = 0; i < count; i++)
        {
            float depth = (i + _layout.Next()) / count, y = top + (depth * depth * (bottom - top));
            float x = _layout.Between(-0.05f, Width + 0.05f);
            if (Any(Things.Flower))
                _props.Flower(At(x, y + 0.04f, 0.05f + (depth * 0.2f)), _layout);
            else if (Any(Things.Desert))
                Sprout(i, At(x, y, 0.08f + (depth * 0.2f)));
            else
                Wood(At(Beside(x, depth), y, (0.16f + (depth * 0.3f)) * (0.7f + (_closeness * 0.3f))), i);
        }
    }

    /// <summary>Near trees stand at the sides, so that they do not hide the rest.</summary>
    private float Beside(float x, float depth)
    {
        float side = Math.Abs(x - (Width / 2)) / (Width / 2), least = Any(Things.Forest) ? depth * 0.45f : 0.35f + (depth * 0.35f);
        return (Width / 2) + (Math.Sign(x - (Width / 2)) * (Width / 2) * (least + (side * (1.02f - least))));
    }

    private void Sprout(int number, Pen pen)
    {
        if (number % 2 == 0)
            _props.Cactus(pen);
        else
            pen.Oval(_palette.Lit(0x8c6238), 0, 0.08f, 0.4f, 0.22f);
    }

    private void Wood(Pen pen, int number)
    {
        pen.Oval(Paint.Clear(_palette.Top * 0.25f, 0.3f), 0.05f, 0.01f, 0.6f, 0.07f);
        if (_snowy || Any(Things.Mountain) || (number + _scene.Variant) % 3 != 0)
            _props.Pine(pen, _layout);
        else
            _props.Tree(pen, _layout);
    }
}
