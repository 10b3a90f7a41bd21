// Segmenta y cuenta: una escena que se edita, lo que la U-Net del curso dice y tres maneras de contar.
import { judgeCounts } from "../goals.mjs";
import { paintedScene, thinking, WAYS } from "../segment/answer.mjs";
import { editing, scenePanel, toolsSide, unseen } from "../segment/editor.mjs";
import { countsStrip, mapPanels, wayPanels } from "../segment/panels.mjs";
import { arrival, challenge, warning } from "../ui/controls.mjs";
import { h } from "../ui/dom.mjs";

/** El objeto elegido y lo que cuenta cada manera, para el lector de pantalla. */
function told(figure, editor, brain) {
  const { kind, row, col, radius } = editor.one();
  const { answer, wanted } = brain.status();
  const which = `${kind} ${editor.at() + 1} de ${figure.get("objects").length}`;
  const counts = Object.entries(answer?.ways ?? {}).map(
    ([name, { classes }]) => `${WAYS[name][0].toLowerCase()}, ${classes.length}`,
  );
  const there =
    answer && answer.scene === wanted
      ? ` Verdad, ${answer.scene.truth.classes.length}; ${counts.join("; ")}.`
      : "";
  return `${which}: fila ${row}, columna ${col}, tamaño ${radius}.${there}`;
}

export default function compose(figure) {
  const editor = editing(figure);
  const brain = thinking(figure);
  const tell = () =>
    figure.say(() => {
      const { answer, wanted } = brain.status();
      if (answer && answer.scene !== wanted) tell(); // dirá las cuentas cuando la red las dé
      return told(figure, editor, brain);
    });
  const scene = scenePanel(figure, editor, tell);
  const tools = toolsSide(figure, editor);
  const outside = warning();
  const message = arrival(brain.load);
  const counts = countsStrip();
  const maps = mapPanels(figure);
  const ways = wayPanels(figure);
  const goal = challenge(figure, "goal");
  const stage = h("div", {}, scene, counts);
  figure.add(h("div.cf-editor", {}, stage, tools), outside, message, maps, ways, goal);
  let known = ["", null];
  return () => {
    const state = figure.state();
    const key = JSON.stringify(state);
    if (key !== known[0]) known = [key, paintedScene(state)];
    const now = { theme: figure.theme, state, scene: known[1], answer: brain.answer(known[1]) };
    maps.el.hidden = !now.answer;
    outside.draw([editor.refused(), unseen(figure, state)].filter(Boolean).join(" "));
    for (const part of [scene, counts, tools, maps, ways]) part.draw(now);
    const { network, error } = brain.status();
    message.draw(error, network ? "" : figure.text("loading"));
    goal.draw(now.answer && judgeCounts(now.answer.scene.truth.classes.length, now.answer.ways));
  };
}
