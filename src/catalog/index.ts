export { createDealer, type Dealer, getDealer } from './dealer.ts';
export { type DealerLevel, levelsOn, setDealerLevel } from './dealer-level.ts';
export { registerDealerRoutes } from './dealer-routes.ts';
export { addBomLines, createMachineModel, getMachineModel } from './machine-model.ts';
export { costOn, createPart, findParts, getPart, type Part, type PartClass, setPartCost } from './part.ts';
