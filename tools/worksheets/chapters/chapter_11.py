"""Anotaciones de COCO: RLE, cajas, errores y confianzas."""

from course_utils.datasets import describe_mask, encode_rle_counts, validate_coco
from course_utils.datasets.coco.sample import annotation_mask
from course_utils.segmentation import IOU_THRESHOLDS, box_iou
from tools.worksheets.chapters.chapter_08 import blob
from tools.worksheets.notation import (
    ask,
    beside,
    capitalized,
    code,
    empty,
    mask,
    number,
    numbers,
    paragraphs,
    ratio,
    table,
)  # fmt: skip
from tools.worksheets.problem import Problem, draw_until


def encode(rng) -> Problem:
    image = draw_until(
        rng, lambda rng: blob(rng, 4, 6), lambda image: 5 <= len(encode_rle_counts(image)) <= 10
    )
    counts, about = encode_rle_counts(image), describe_mask(image)
    box = [int(one) for one in about["bbox"]]
    return Problem(
        "De la máscara al RLE",
        beside(mask(image)),
        ask("Cuentas del RLE:", "Caja (x, y, anchura, altura):", "Área:"),
        paragraphs(
            f"Por columnas y primero los ceros: {counts}. Caja, ({numbers(box)}); área, "
            f"{number(about['area'])}."
        ),
        {"mask": image.tolist()},
        {"counts": counts, "box": box, "area": int(about["area"])},
    )


def decode(rng) -> Problem:
    def is_good(image):
        return 5 <= len(encode_rle_counts(image)) <= 9

    image = draw_until(rng, lambda rng: blob(rng, 4, 5), is_good)
    counts = encode_rle_counts(image)
    found = annotation_mask({"segmentation": {"size": [4, 5], "counts": counts}}, 4, 5).astype(int)
    return Problem(
        "Del RLE a la máscara",
        paragraphs(f"Tamaño {code('[4, 5]')}, de filas y columnas; cuentas {code(str(counts))}.")
        + beside(empty(4, 5)),
        ask("Área:"),
        beside(mask(found)) + paragraphs(f"Área: {' + '.join(map(str, counts[1::2]))} = {found.sum()}."),
        {"size": [4, 5], "counts": counts},
        {"mask": found.tolist(), "area": int(found.sum())},
    )


def boxes(rng) -> Problem:
    def draw(rng):
        width, height = rng.randint(4, 12), rng.randint(4, 12)
        truth = (rng.randint(0, 10), rng.randint(0, 10), width, height)
        found = (
            truth[0] + rng.randint(-2, 2),
            truth[1] + rng.randint(-2, 2),
            width + rng.randint(-2, 3),
            height + rng.randint(-2, 3),
        )
        return truth, found

    def is_good(drawn):
        value = box_iou(*([one] for one in drawn))[0, 0]
        apart = min(abs(value - limit) for limit in IOU_THRESHOLDS) > 1e-3
        return 0.5 < value < 0.9 and apart and min(drawn[1]) >= 0 and drawn[0][:2] != drawn[1][:2]

    truth, found = draw_until(rng, draw, is_good)
    value = float(box_iou([truth], [found])[0, 0])
    as_crowd = float(box_iou([truth], [found], crowd=[True])[0, 0])
    common = round(as_crowd * found[2] * found[3])
    union = truth[2] * truth[3] + found[2] * found[3] - common
    passed = sum(value >= limit for limit in IOU_THRESHOLDS)
    return Problem(
        "Dos cajas",
        paragraphs(
            f"La verdadera es ({numbers(truth)}) y la predicha, ({numbers(found)}): x, y, anchura y altura."
        ),
        ask(
            "Área común:",
            "IoU:",
            "¿Cuántos de los diez umbrales, de 0,5 a 0,95, pasa?",
            "Parecido, si la verdadera rodeara una multitud:",
        ),
        paragraphs(
            f"{common} comunes; IoU, {ratio(common, union)}; pasa {passed}. Con una multitud se divide "
            "entre el área "
            f"de la predicha: {ratio(common, found[2] * found[3])}."
        ),
        {"truth": truth, "found": found},
        {"common": common, "iou": value, "passed": passed, "as_crowd": as_crowd},
    )


def wrong_annotations(rng) -> Problem:
    width, height = rng.choice([40, 50, 60, 64, 80]), rng.choice([30, 36, 44, 48])
    categories = sorted(rng.sample(range(1, 20), 3))

    def good(rng):
        box = [
            rng.randint(0, width // 2),
            rng.randint(0, height // 2),
            rng.randint(6, width // 3),
            rng.randint(6, height // 3),
        ]
        return {
            "image_id": 1,
            "category_id": rng.choice(categories),
            "bbox": box,
            "area": box[2] * box[3] - rng.randint(1, 9),
        }

    def spoil(one, how):
        x, y, wide, tall = one["bbox"]
        missing = next(k for k in range(categories[-1] + 1, 99) if k not in categories)
        return (
            one
            | {
                "box": {"bbox": [width - wide + rng.randint(3, 9), y, wide, tall]},
                "tall": {"bbox": [x, height - tall + rng.randint(3, 9), wide, tall]},
                "category": {"category_id": missing},
                "orphan": {"image_id": rng.randint(2, 9)},
                "area": {"area": 0},
                "empty": {"bbox": [x, y, wide, 0]},
            }[how]
        )

    faults = rng.sample(["box", "tall", "category", "orphan", "area", "empty"], 3)
    annotations = [good(rng), good(rng), *(spoil(good(rng), how) for how in faults)]
    rng.shuffle(annotations)
    annotations = [{"id": number_} | one for number_, one in enumerate(annotations, 1)]
    document = {
        "images": [{"id": 1, "file_name": "foto.jpg", "width": width, "height": height}],
        "categories": [{"id": one, "name": f"clase {one}"} for one in categories],
        "annotations": annotations,
    }
    _, problems = validate_coco(document, strict=False)
    head = ["id", "image_id", "category_id", "bbox", "area"]
    rows = [[str(one[key]) for key in head] for one in annotations]
    return Problem(
        "Encuentra los errores",
        paragraphs(
            f"Un archivo con una imagen, la 1, de {width} píxeles de ancho y {height} de alto, y las "
            "categorías "
            f"{numbers(categories)}."
        )
        + table(map(code, head), rows),
        ask("¿Cuáles están mal, y por qué?") + '<p class="ask"><span class="line"></span></p>' * 2,
        paragraphs(". ".join(capitalized(str(one)) for one in problems) + "."),
        {"width": width, "height": height, "categories": categories, "annotations": annotations},
        {"wrong": sorted(int(one.where.split()[-1]) for one in problems)},
    )


def confidences(rng) -> Problem:
    def draw(rng):
        scores = sorted(
            rng.sample([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], 6), reverse=True
        )
        hits = [rng.random() < 0.85 - 0.1 * k for k in range(6)]
        return scores, hits, sum(hits) + rng.randint(1, 3)

    def measure(drawn, limit):
        scores, hits, objects = drawn
        kept = [hit for score, hit in zip(scores, hits, strict=True) if score > limit]
        return sum(kept), len(kept), objects

    def is_good(drawn):
        low, high = measure(drawn, 0.25), measure(drawn, 0.65)
        return high[1] >= 2 and high[0] >= 1 and low[0] > high[0] and low[0] / low[1] < high[0] / high[1]

    scores, hits, objects = drawn = draw_until(rng, draw, is_good)
    results = {limit: measure(drawn, limit) for limit in (0.65, 0.25)}
    return Problem(
        "¿Cuánta confianza se pide?",
        paragraphs(f"Seis detecciones de un detector, en fotos con {objects} objetos.")
        + table(
            ["confianza", *map(number, scores)], [["¿acierta?", *("sí" if hit else "no" for hit in hits)]]
        ),
        ask(*(f"Precisión y exhaustividad por encima de {number(limit)}:" for limit in results)),
        paragraphs(
            capitalized(
                "; ".join(
                    f"por encima de {number(limit)}, {ratio(good, kept)} y {ratio(good, total)}"
                    for limit, (good, kept, total) in results.items()
                )
            )
            + ". Al pedir menos confianza se encuentra más y se falla más."
        ),
        {"scores": scores, "hits": hits, "objects": objects, "thresholds": list(results)},
        {"measures": [[good / kept, good / total] for good, kept, total in results.values()]},
    )


COLUMNS = ((encode, decode, boxes), (wrong_annotations, confidences))
